"""Trains the strategy tagger: ``python -m training.strategy`` writes it to ``matcher/trained``.

    material ──► features ──► logistic regression per code ──► Platt per scheme ──► bands of abstention
                                                                    └── on predictions out of fold ──┘

The folds part groups of records, so that what calibrates a code was never taught by the same call or project. The
test records are not looked at. The same inputs give the same numbers: nothing is drawn at random, the seed only deals
the folds.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from evaluation.workplace import data_folder, open_encoder
from matcher.analyser import Analyser
from matcher.encoder import Encoder
from matcher.strategy import CODES, COMPONENT, DRIVER, MISSION, SCHEMES, STTM
from matcher.tag_features import Encode, Numbers, TagFeatures
from matcher.tagger import SCORED, Band, Tagger, calibrated, mission_probabilities, rows_of_schemes
from matcher.tagger_files import TRAINED, rounded, save_tagger
from training.tag_material import MEASURES, READ, SECTORS, WEIGHTS, WRITTEN, TagExample, material

SEED = 7
FOLDS = 5
REGULARISATION = 3.0
"""C of the logistic regressions; with ``SCALES`` chosen out of fold on train and dev."""
SCALES = (3.0, 2.0)
RAREST = 2
"""In how many texts a word must stand to be learnt."""
TARGETS = {DRIVER: 0.87, MISSION: 0.90, COMPONENT: 0.80, STTM: 0.90}
"""Macro-F1 that the decided codes must reach out of fold; the narrowest band that does is taken, if any does."""
NO_BOUNDS = Band(0, 0)
_DROPS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45)
_GIVES = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75)

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many are done and how many there are."""


@dataclass(frozen=True, slots=True)
class TrainedTagger:
    """A tagger, rounded as it is kept, and what its manifest says of the training."""

    tagger: Tagger
    manifest: Mapping[str, Any]


def train_tagger(data: Path, encoder: Encoder, seed: int, progress: Progress) -> TrainedTagger:
    """Train the tagger on the official files in ``data`` and on what was read and written for it.

    Raises CorporaError for a file that cannot be read.
    """
    examples = material(data)
    tagger, quality = fit(examples, encoder, seed, progress)
    kinds = Counter(example.kind for example in examples)
    manifest = {
        "seed": seed,
        "texts": {kind: {"texts": kinds[kind], "weight": WEIGHTS[kind]} for kind in sorted(kinds)},
        "material_sha256": _fingerprint(examples),
        "tables_sha256": {path.name: sha256(path.read_bytes()).hexdigest() for path in (WRITTEN, MEASURES, SECTORS)},
        "out_of_fold": quality,
    }
    return TrainedTagger(tagger, manifest)


def fit(
    examples: Sequence[TagExample], encoder: Encoder, seed: int, progress: Progress
) -> tuple[Tagger, dict[str, dict[str, float]]]:
    """Fit classifiers, calibration and bands; return them with scheme → macro-F1 and coverage out of fold."""
    features = read_features([example.text for example in examples], encoder.encode_documents)
    seen = features.of([example.text for example in examples], encoder.encode_documents)
    scores = _out_of_fold(examples, seen, seed, progress)
    # Where a measure's code speaks the tagger is not asked, and notices that name their measure are easy to tell.
    asked = [place for place, one in enumerate(examples) if one.kind == READ and not one.stated]
    truth = {scheme: _truth(examples, scheme)[asked] for scheme in SCORED}
    rows = rows_of_schemes()
    calibrations = {scheme: _platt(scores[asked][:, rows[scheme]], truth[scheme]) for scheme in SCORED}
    likely = {scheme: calibrated(scores[asked][:, rows[scheme]], calibrations[scheme]) for scheme in SCORED}
    likely[MISSION] = mission_probabilities(likely[COMPONENT])
    truth[MISSION] = mission_probabilities(truth[COMPONENT].astype(float)) > 0
    bands = _bands(likely, truth)
    weights, intercepts = _classifiers(examples, seen, list(range(len(examples))))
    tagger = rounded(Tagger(encoder.id, features, weights, intercepts, calibrations, bands))
    return tagger, {scheme: _quality(likely[scheme], truth[scheme], bands[scheme]) for scheme in SCHEMES}


def read_features(texts: Sequence[str], encode: Encode) -> TagFeatures:
    """Learn the words that stand in ``RAREST`` texts or more, their idf, and the mean of the vectors."""
    analyser = Analyser()
    counts = Counter(stem for text in texts for stem in set(analyser.stems(text)))
    words = tuple(sorted(stem for stem, count in counts.items() if count >= RAREST))
    idf = np.array([1 + np.log((1 + len(texts)) / (1 + counts[word])) for word in words])
    plain = TagFeatures(words, idf, np.zeros(1), (1.0, 0.0), analyser)
    mean = plain.of(texts, encode)[:, : -len(words)].mean(axis=0)
    return TagFeatures(words, _kept(idf), _kept(mean), SCALES, analyser)


def choose_band(likely: Numbers, truth: Numbers, target: float, above: Band = NO_BOUNDS) -> Band:
    """Return the band that leaves fewest codes undecided among those whose decided codes reach ``target`` macro-F1.

    Where none does, the one with the highest macro-F1; ties go to the narrower. ``likely``, ``truth``: (n, n_codes).
    Only bands are considered of which no bound is below that of ``above``.
    """
    bands = [Band(drop, give) for drop in _DROPS if drop >= above.drop for give in _GIVES if give >= above.give]
    found = [(_quality(likely, truth, band), band) for band in bands]
    reaching = [one for one in found if one[0]["macro_f1"] >= target]
    if reaching:
        return max(reaching, key=lambda one: (one[0]["decided"], one[0]["macro_f1"]))[1]
    return max(found, key=lambda one: (one[0]["macro_f1"], one[0]["decided"]))[1]


def _bands(likely: Mapping[str, Numbers], truth: Mapping[str, Any]) -> dict[str, Band]:
    """The band of every scheme; no component is given where its mission, which is likelier, is left to a person."""
    bands = {scheme: choose_band(likely[scheme], truth[scheme], TARGETS[scheme]) for scheme in (DRIVER, MISSION, STTM)}
    component = choose_band(likely[COMPONENT], truth[COMPONENT], TARGETS[COMPONENT], above=bands[MISSION])
    return {**bands, COMPONENT: component}


def _quality(likely: Numbers, truth: Numbers, band: Band) -> dict[str, float]:
    """Macro-F1 over the decided codes, and the share of codes that are decided."""
    given, dropped, there = likely >= band.give, likely < band.drop, truth > 0
    hits = (given & there).sum(axis=0)
    misses = (given & ~there).sum(axis=0) + (dropped & there).sum(axis=0)
    by_code = 2 * hits / np.maximum(2 * hits + misses, 1)
    return {"macro_f1": round(float(by_code.mean()), 4), "decided": round(float((given | dropped).mean()), 4)}


def _out_of_fold(examples: Sequence[TagExample], seen: Numbers, seed: int, progress: Progress) -> Numbers:
    """The scores that each read example gets from classifiers that saw nothing of its group; 0 for all others."""
    folds = [_fold(example.group, seed) if example.kind == READ else -1 for example in examples]
    scores = np.zeros((len(examples), sum(len(CODES[scheme]) for scheme in SCORED)))
    for fold in range(FOLDS):
        progress("strategy tags", fold, FOLDS + 1)
        held = [place for place, one in enumerate(folds) if one == fold]
        taught = [p for p, one in enumerate(folds) if one != fold and not examples[p].hindsight]
        weights, intercepts = _classifiers(examples, seen, taught)
        scores[held] = seen[held] @ weights.T + intercepts
    progress("strategy tags", FOLDS, FOLDS + 1)
    return scores


def _classifiers(examples: Sequence[TagExample], seen: Numbers, taught: Sequence[int]) -> tuple[Numbers, Numbers]:
    """One logistic regression per code over the examples whose scheme is known: weights and intercepts."""
    # One thread: so small a fit only waits for others, and their number would change the last bits.
    with threadpool_limits(1):
        return _fitted(examples, seen, taught)


def _fitted(examples: Sequence[TagExample], seen: Numbers, taught: Sequence[int]) -> tuple[Numbers, Numbers]:
    weights, intercepts = [], []
    for scheme in SCORED:
        known = [place for place in taught if examples[place].codes[scheme] is not None]
        truth = _truth(examples, scheme)[known]
        for code in range(len(CODES[scheme])):
            model = LogisticRegression(C=REGULARISATION, max_iter=500, class_weight="balanced")
            model.fit(seen[known], truth[:, code], sample_weight=[examples[place].weight for place in known])
            weights.append(model.coef_[0])
            intercepts.append(model.intercept_[0])
    return np.array(weights), np.array(intercepts)


def _truth(examples: Iterable[TagExample], scheme: str) -> Any:
    return np.array([[code in (one.codes[scheme] or ()) for code in CODES[scheme]] for one in examples])


def _platt(scores: Numbers, truth: Any) -> tuple[float, float]:
    """Slope and intercept that make the scores of a scheme, all codes together, into probabilities."""
    model = LogisticRegression(C=1e3).fit(scores.reshape(-1, 1), truth.ravel())
    return round(float(model.coef_[0, 0]), 6), round(float(model.intercept_[0]), 6)


def _fold(group: str, seed: int) -> int:
    return int.from_bytes(sha256(f"{seed}\0{group}".encode()).digest()[:4], "big") % FOLDS


def _kept(numbers: Any) -> Numbers:
    kept: Numbers = numbers.astype(np.float16).astype(np.float64)
    return kept


def _fingerprint(examples: Iterable[TagExample]) -> str:
    lines = (f"{one.id}\0{one.text}\0{sorted((s, sorted(c or ())) for s, c in one.codes.items())}" for one in examples)
    return sha256("\n".join(lines).encode()).hexdigest()


def main() -> None:
    """Train and write the tagger that ships with Remix."""
    from rich.console import Console

    console = Console(stderr=True)

    def tell(what: str, done: int, total: int) -> None:
        console.print(f"{what}: {done}/{total}")

    trained = train_tagger(data_folder(), open_encoder(tell), SEED, tell)
    save_tagger(trained.tagger, TRAINED, trained.manifest)
    console.print(trained.manifest["out_of_fold"], trained.tagger.bands)


if __name__ == "__main__":
    main()
