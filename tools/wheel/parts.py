"""The static parts: OpenSSL, libcurl and cJSON, with what a login over HTTP(S) and through a proxy needs and no more."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from compiler import Compiler
from sources import Source, unpack
from steps import digest, keep, run, say

# It ends up in the library; what can never exist can never be a way in.
NOWHERE = "/dev/null/zuora_connect"

OPENSSL_OPTIONS = (
    # Nothing is read from outside, nothing loaded, nobody asked, nothing done at exit.
    *("no-shared no-pinshared no-atexit no-dso no-module no-engine no-autoload-config no-ui-console".split()),
    *(
        "no-apps no-docs no-tests no-legacy no-fips no-comp no-zlib no-ktls no-thread-pool no-afalgeng no-sslkeylog".split()
    ),
    # Of protocols, TLS 1.2 and 1.3.
    *(
        "no-dtls no-quic no-ssl3 no-tls1 no-tls1_1 no-ssl3-method no-tls1-method no-tls1_1-method no-srp no-srtp no-psk".split()
    ),
    *("no-nextprotoneg no-multiblock no-tfo no-ssl-trace no-ct no-ocsp no-cmp no-cms no-ts no-http no-rfc3779".split()),
    # Of ciphers and digests, those of the web; DES and scrypt stay, for client keys that are encrypted with them.
    *("no-weak-ssl-ciphers no-aria no-bf no-blake2 no-camellia no-cast no-gost no-idea no-md4 no-mdc2 no-ocb".split()),
    *("no-rc2 no-rc4 no-rmd160 no-seed no-siphash no-siv no-sm2 no-sm3 no-sm4 no-whirlpool no-argon2".split()),
    *("no-dsa no-ec2m no-ml-dsa no-slh-dsa".split()),
)
CURL_OPTIONS = (
    *("--disable-shared --enable-static --disable-dependency-tracking --disable-docs --disable-manual".split()),
    *("--disable-libcurl-option --disable-debug --disable-curldebug --enable-ipv6 --enable-threaded-resolver".split()),
    # Whom it trusts is said by csrc/core/trust.c, and nothing is read from outside.
    *("--without-ca-bundle --without-ca-path --without-ca-fallback --without-ca-embed".split()),
    *("--disable-openssl-auto-load-config --disable-tls-srp".split()),
    # Of protocols, HTTP.
    *(
        "--disable-ftp --disable-file --disable-ipfs --disable-ldap --disable-ldaps --disable-rtsp --disable-dict".split()
    ),
    *(
        "--disable-telnet --disable-tftp --disable-pop3 --disable-imap --disable-smb --disable-smtp --disable-gopher".split()
    ),
    *("--disable-mqtt --disable-websockets --disable-unix-sockets".split()),
    *("--disable-kerberos-auth --disable-negotiate-auth --disable-ntlm --disable-digest-auth --disable-aws".split()),
    # What options.c never uses; .netrc stays, for it says in so many words that it is not to be read.
    *("--disable-cookies --disable-alt-svc --disable-hsts --disable-doh --disable-headers-api --disable-mime".split()),
    *("--disable-form-api --disable-bindlocal --disable-dnsshuffle --disable-get-easy-options --disable-ares".split()),
    *("--without-zlib --without-brotli --without-zstd --without-libpsl --without-libidn2 --without-nghttp2".split()),
    *("--without-libssh2 --without-librtmp --without-libgsasl --without-zsh-functions-dir".split()),
    f"--prefix={NOWHERE}",
)
CJSON_FLAGS = ("-DCJSON_HIDE_SYMBOLS", "-std=c99")


def jobs() -> str:
    return f"-j{len(os.sched_getaffinity(0))}"


def copy_tree(source: Path, target: Path) -> Path:
    """Times come along, so that nothing made beforehand is made again."""
    shutil.copytree(source, target, symlinks=True)
    return target


def build_openssl(source: Source, files: Path, compiler: Compiler) -> Path:
    def make(folder: Path) -> None:
        say(f"building OpenSSL {source.upstream} for {compiler.target.name}")
        tree = copy_tree(unpack(source, files), folder / "tree")
        where = (f"--prefix={NOWHERE}", f"--openssldir={NOWHERE}")
        run(
            *("perl", "Configure", compiler.target.openssl, *where, "--libdir=lib", *OPENSSL_OPTIONS, "CFLAGS=-Os"),
            **{"cwd": tree, "env": compiler.environment, "log": folder / "configure.log"},
        )
        run("make", jobs(), "build_libs", cwd=tree, env=compiler.environment, log=folder / "make.log")
        (folder / "lib").mkdir()
        for name in ("libssl.a", "libcrypto.a"):
            shutil.move(tree / name, folder / "lib" / name)
        shutil.copytree(tree / "include/openssl", folder / "include/openssl")
        shutil.rmtree(tree)

    facts = digest(source.facts, compiler.facts, OPENSSL_OPTIONS)
    return keep(f"{compiler.target.name}/openssl", facts, make)


def build_curl(source: Source, files: Path, compiler: Compiler, openssl: Path) -> Path:
    def make(folder: Path) -> None:
        say(f"building libcurl {source.upstream} for {compiler.target.name}")
        tree = copy_tree(unpack(source, files), folder / "tree")
        variables = {"PKG_CONFIG": "false", "LIBS": "-lpthread", "CFLAGS": "-Os"}
        run(
            *("./configure", f"--host={compiler.target.host}", f"--with-openssl={openssl}", *CURL_OPTIONS),
            **{"cwd": tree, "env": compiler.environment | variables, "log": folder / "configure.log"},
        )
        run("make", jobs(), "-C", "lib", "libcurl.la", cwd=tree, env=compiler.environment, log=folder / "make.log")
        (folder / "lib").mkdir()
        shutil.move(tree / "lib/.libs/libcurl.a", folder / "lib/libcurl.a")
        shutil.copytree(tree / "include/curl", folder / "include/curl", ignore=shutil.ignore_patterns("Makefile*"))
        shutil.rmtree(tree)

    facts = digest(source.facts, compiler.facts, CURL_OPTIONS, (openssl / ".facts").read_text())
    return keep(f"{compiler.target.name}/curl", facts, make)


def build_cjson(source: Source, files: Path, compiler: Compiler) -> Path:
    def make(folder: Path) -> None:
        say(f"building cJSON {source.upstream} for {compiler.target.name}")
        tree = unpack(source, files)
        (folder / "lib").mkdir()
        (folder / "include/cjson").mkdir(parents=True)
        shutil.copy(tree / "cJSON.h", folder / "include/cjson")
        run("cc", *CJSON_FLAGS, "-c", tree / "cJSON.c", "-o", folder / "cJSON.o", env=compiler.environment)
        run("ar", "rcsD", folder / "lib/libcjson.a", folder / "cJSON.o", env=compiler.environment)

    return keep(f"{compiler.target.name}/cjson", digest(source.facts, compiler.facts, CJSON_FLAGS), make)


def build(sources: dict[str, Source], files: Path, compiler: Compiler) -> list[Path]:
    """-> folders with `include` and `lib`, in the order in which they are linked."""
    openssl = build_openssl(sources["openssl"], files, compiler)
    curl = build_curl(sources["curl"], files, compiler, openssl)
    return [curl, openssl, build_cjson(sources["cjson"], files, compiler)]
