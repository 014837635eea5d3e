"""What pyproject.toml cannot say: a wheel with the library in it is for one platform,
but for every Python."""

from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel

BUNDLED = (Path(__file__).parent / "src" / "netsession" / "libnetsession.so.0").exists()


class PackageDistribution(Distribution):
    def has_ext_modules(self) -> bool:
        return BUNDLED


class PlatformWheel(bdist_wheel):
    def get_tag(self) -> tuple[str, str, str]:
        python, abi, platform = super().get_tag()
        return ("py3", "none", platform) if BUNDLED else (python, abi, platform)


setup(distclass=PackageDistribution, cmdclass={"bdist_wheel": PlatformWheel})
