"""Opens the encoder that the settings name."""

from pathlib import Path

from matcher.e5.build import Progress, build_encoder, build_name
from matcher.encoder import Encoder
from matcher.hub_encoder import HubEncoder
from matcher.onnx_encoder import OnnxEncoder

DEFAULT = "default"


def open_encoder(setting: str, cache_folder: Path, progress: Progress) -> Encoder:
    """Open the encoder named by ``REMIX_ENCODER``: "" or "default", or any sentence-transformers model.

    The default one is built at its first use, in some seconds, into ``cache_folder/encoders``, and verified by hash
    whenever it is opened; ``progress`` is told the share that is built. Raises EncoderError.
    """
    if setting not in ("", DEFAULT):
        return HubEncoder(setting)
    folder = cache_folder / "encoders" / build_name()
    if not folder.exists():
        build_encoder(folder, progress)
    return OnnxEncoder.load(folder)
