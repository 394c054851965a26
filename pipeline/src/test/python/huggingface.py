"""Image embeddings as Hugging Face's datasets and pyarrow read them, and images as datasets writes them:
huggingface.py read EMBEDDINGS | write PNG_FOLDER PARQUET_FOLDER."""

import sys
from pathlib import Path


def read(folder):
    import pyarrow.parquet
    from datasets import ClassLabel, load_dataset

    splits = load_dataset(folder, cache_dir=folder + "-cache")
    assert sorted(splits) == ["test", "train", "validation"], splits
    features = splits["test"].features
    assert features["id"].dtype == "int64"
    assert isinstance(features["label"], ClassLabel) and features["label"].names == [str(i) for i in range(10)]
    assert (features["embedding"].length, features["embedding"].feature.dtype) == (784, "float32")

    table = pyarrow.parquet.read_table(folder + "/test")
    types = {field.name: field.type for field in table.schema}
    assert types["id"] == pyarrow.int64() and types["label"] == pyarrow.int32(), types
    assert pyarrow.types.is_list(types["embedding"]) and types["embedding"].value_type == pyarrow.float32(), types
    rows = splits["test"].to_dict()
    assert rows["id"] == table["id"].to_pylist() and rows["label"] == table["label"].to_pylist()
    assert rows["embedding"] == table["embedding"].to_pylist()
    print({name: split.num_rows for name, split in splits.items()})


def write(images, folder):
    from datasets import ClassLabel, Dataset, Features, Image

    Path(folder).mkdir()
    for split in "train", "test":
        files = sorted(Path(images, split).rglob("*.png"))
        names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        images_as_on_the_hub = [{"bytes": file.read_bytes(), "path": file.name} for file in files]
        rows = {"image": images_as_on_the_hub, "label": [int(file.parent.name) for file in files]}
        data = Dataset.from_dict(rows, features=Features({"image": Image(), "label": ClassLabel(names=names)}))
        data.to_parquet(f"{folder}/{split}-00000-of-00001.parquet")


if __name__ == "__main__":
    {"read": read, "write": write}[sys.argv[1]](*sys.argv[2:])
