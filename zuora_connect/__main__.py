"""`python -m zuora_connect` is the script `zuora-connect`."""

from zuora_connect._command_line import main

raise SystemExit(main())
