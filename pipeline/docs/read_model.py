"""Reads a model folder of NoProp on Spark with numpy and safetensors alone, and predicts without noise.

It covers NoProp-DT over image embeddings (network.kind = dense) with a linear head, whatever the label embeddings.
    python read_model.py runs/ID/model embeddings.npy probabilities.npy
"""

import json
import sys

import numpy as np
from safetensors.numpy import load_file


def softmax(logits):
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


class NoPropModel:
    def __init__(self, folder):
        with open(f"{folder}/model.json", encoding="utf-8") as file:
            self.settings = json.load(file)
        kinds = self.settings["method"], self.settings["network"]["kind"], self.settings["head"]["kind"]
        if kinds != ("NoProp-DT", "dense", "linear") or self.settings["label-embedding"] == "prototype":
            raise ValueError(f"This reader does not cover {kinds} with {self.settings['label-embedding']} labels")
        self.tensors = {name: value.astype(np.float64) for name, value in load_file(f"{folder}/model.safetensors").items()}

    def linear(self, name, x):
        return x @ self.tensors[f"{name}.weight"] + self.tensors[f"{name}.bias"]

    def norm(self, name, x, relu):
        """A dense layer, batch norm by the running statistics, and ReLU if wanted."""
        y = self.linear(f"{name}.dense", x)
        mean, variance = (self.tensors[f"{name}.norm.running-{figure}"] for figure in ("mean", "variance"))
        y = (y - mean) / np.sqrt(variance + 1e-5) * self.tensors[f"{name}.norm.scale"] + self.tensors[f"{name}.norm.shift"]
        return np.maximum(y, 0) if relu else y

    def block(self, t, x, z):
        """The label embedding that block t recovers from the noised one, given the image embedding."""
        name = f"block.{t:02d}"
        image = self.norm(f"{name}.image", x, relu=False)
        label = self.norm(f"{name}.label", z, relu=True)
        label = label + self.norm(f"{name}.residual2", self.norm(f"{name}.residual1", label, relu=True), relu=False)
        fused = self.norm(f"{name}.fused1", np.concatenate([image, label], axis=1), relu=True)
        logits = self.linear(f"{name}.output", self.norm(f"{name}.fused2", fused, relu=True))
        probabilities = softmax(logits)
        labels = self.tensors.get("label-embedding")  # one-hot ones are the identity, which no file holds
        return probabilities if labels is None else probabilities @ labels

    def probabilities(self, x):
        """Of each class, for image embeddings [rows, width]: the chain with every draw of noise replaced by 0."""
        bars = self.settings["alpha-bar"]
        z = np.zeros((len(x), self.settings["label-width"]))
        for t in range(1, self.settings["blocks"] + 1):
            alpha = bars[t - 1] / bars[t]
            a = np.sqrt(bars[t]) * (1 - alpha) / (1 - bars[t - 1])
            b = np.sqrt(alpha) * (1 - bars[t]) / (1 - bars[t - 1])
            z = a * self.block(t, x, z) + b * z
        return softmax(self.linear("head", z))


if __name__ == "__main__":
    model, embeddings, output = sys.argv[1:]
    np.save(output, NoPropModel(model).probabilities(np.load(embeddings).astype(np.float64)).astype(np.float32))
