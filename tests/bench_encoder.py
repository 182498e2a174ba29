"""Prints how fast the default encoder is built, loaded and used: ``python tests/bench_encoder.py``."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from matcher.e5.build import build_encoder
from matcher.onnx_encoder import OnnxEncoder

QUERY = "Riqualificazione energetica della scuola elementare, con nuovi serramenti e impianto fotovoltaico"
SENTENCES = (
    "Il Comune intende riqualificare l'edificio che ospita la scuola primaria, costruito negli anni sessanta.",
    "L'avviso finanzia interventi di efficientamento energetico degli edifici pubblici non residenziali.",
    "Possono presentare domanda i Comuni con popolazione inferiore a cinquemila abitanti, anche in forma associata.",
    "Il contributo copre fino all'ottanta per cento delle spese ammissibili e non supera i duecentomila euro.",
    "Sono ammesse le spese per lavori, progettazione, direzione dei lavori, collaudo e pubblicità dell'intervento.",
    "La graduatoria tiene conto del risparmio energetico atteso e della cantierabilità del progetto presentato.",
)


def main() -> None:
    """Build into a temporary folder, load, encode 200 texts of 80 tokens and 50 queries."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "encoder"
        print(f"build          {seconds(lambda: build_encoder(folder, lambda _share, _what: None)):8.2f} s")
        megabytes = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        print(f"files          {megabytes:8.1f} MB")
        print(f"load           {seconds(lambda: OnnxEncoder.load(folder)):8.2f} s")
        encoder = OnnxEncoder.load(folder)
    texts = [
        " ".join(SENTENCES[(n + i) % 6] for i in range(3)) + f" Lotto {n}, Comuni di Opera e Locate di Triulzi."
        for n in range(200)
    ]
    encoder.encode_documents(texts[:10])
    rates = [len(texts) / seconds(lambda: encoder.encode_documents(texts)) for _ in range(3)]
    print(f"documents      {max(rates):8.1f} texts/s, about 80 tokens each (best of 3)")
    waits = sorted(1000 * seconds(lambda: encoder.encode_queries([QUERY])) for _ in range(50))
    print(f"one query      {statistics.median(waits):8.1f} ms median, {waits[47]:.1f} ms p95")


def seconds(action: Callable[[], object]) -> float:
    """Wall-clock seconds that the action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
