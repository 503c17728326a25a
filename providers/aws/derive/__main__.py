"""Regenerate the derived layer: `python -m providers.aws.derive [folder]`. Needs the extra `derive`."""

from __future__ import annotations

import sys
from pathlib import Path

from providers.aws.adapter.sdk_model import SdkModel
from providers.aws.derive.service import derive
from providers.aws.derive.sources import joins_for, versions
from providers.aws.derive.writing import FOLDER, write


def main(folder: Path = FOLDER) -> None:
    """Derive every service of the installed botocore."""
    sdk = SdkModel()
    made = {service: derive(service, sdk, joins_for(service)) for service in sdk.services()}
    write(made, versions(), folder)
    print(f"{sum(map(len, made.values()))} records of {sum(map(bool, made.values()))} services in {folder}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
