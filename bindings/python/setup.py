"""The settings that pyproject.toml cannot express: a wheel with the library is for one
platform but every Python, and contains the manual page if that was built."""

from pathlib import Path

from setuptools import Distribution, setup

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:  # before setuptools 70.1
    from wheel.bdist_wheel import bdist_wheel

BUNDLED = any((Path(__file__).parent / "src" / "netsession").glob("libnetsession.so.*"))
PAGE = "netsession.1"


class PackageDistribution(Distribution):
    def has_ext_modules(self) -> bool:
        return BUNDLED


class PlatformWheel(bdist_wheel):
    def get_tag(self) -> tuple[str, str, str]:
        python, abi, platform = super().get_tag()
        return ("py3", "none", platform) if BUNDLED else (python, abi, platform)


setup(
    distclass=PackageDistribution,
    cmdclass={"bdist_wheel": PlatformWheel},
    data_files=[("share/man/man1", [PAGE])] if Path(__file__).with_name(PAGE).exists() else [],
)
