"""Files written by the reference libraries, for the tests of lib/data: NumPy's .npy, SciPy's .mat, safetensors, CSV.

    pip install numpy scipy safetensors torch pandas
    python tests/reference/data_files.py > tests/reference/data_files.json

Each file is in base64, beside the values that its own library reads from it.
"""

import base64
import io
import json
import struct

import numpy as np
import pandas as pd
import safetensors
import safetensors.torch
import scipy
import scipy.io
import scipy.sparse
import torch

rng = np.random.default_rng(1)


def text(data):
    return base64.b64encode(data).decode()


def npy(array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    read = np.load(io.BytesIO(file.getvalue()), allow_pickle=True)
    plain = read.dtype.kind in "fiub" and bool(np.isfinite(read).all())
    return {
        "bytes": text(file.getvalue()),
        "shape": list(read.shape),
        "values": [float(v) for v in read.ravel(order="C")] if plain else None,
    }


values = rng.normal(size=(5, 3))
arrays = {}
for dtype in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
    array = (values if dtype[0] == "f" else np.abs(values) * 40).astype(dtype)
    for order in "CF":
        arrays[f"{dtype}_{order}"] = npy(np.asarray(array, order=order))
arrays["big_endian"] = npy(values.astype(">f4"))
arrays["boolean"] = npy(values > 0)
arrays["version_2"] = npy(values, version=(2, 0))
arrays["version_3"] = npy(values, version=(3, 0))
arrays["labels"] = npy(np.array([3, 0, 2, 1], dtype=np.int64))
arrays["complex"] = npy(values.astype("c16"))
arrays["strings"] = npy(np.array(["cat", "dog"]))
arrays["objects"] = npy(np.array([["cat", 1]], dtype=object))
arrays["record"] = npy(np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]))
arrays["empty"] = npy(np.zeros((0, 3)))
arrays["cube"] = npy(np.zeros((2, 2, 2)))
arrays["infinite"] = npy(np.array([[1, 2], [3, 70000]]).astype("f2"))
arrays["large"] = npy(np.array([[1], [2**53 + 1]], dtype=np.int64))


def mat(variables, **options):
    file = io.BytesIO()
    scipy.io.savemat(file, variables, **options)
    return file.getvalue()


def element(kind, data):
    return struct.pack("<II", kind, len(data)) + data + bytes(-len(data) % 8)


def array(name, kind, shape, stored, data, sizes=5, name_type=1):
    return element(14, element(6, struct.pack("<II", kind, 0)) + element(sizes, struct.pack(f"<{len(shape)}i", *shape))
                   + element(name_type, name) + element(stored, data))


header = mat({"a": 1.0})[:128]
matrix = np.arange(6).reshape(2, 3)
dtypes = ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]
others = {
    "struct": {"a": 1, "b": "hé"}, "cell": np.array(["a", 1], dtype=object), "text": "日本語",
    "sparse": scipy.sparse.csc_matrix(np.eye(3)), "complex": np.array([[1 + 2j]]), "after": matrix.astype("u1"),
}
string_object = (element(6, struct.pack("<II", 17, 0)) + element(1, b"label") + element(1, b"MCOS") + element(1, b"string")
                 + element(14, element(6, struct.pack("<II", 13, 0)) + element(5, struct.pack("<ii", 6, 1)) + element(1, b"")
                           + element(6, struct.pack("<6I", 0xDD000000, 2, 1, 1, 1, 1))))
mats = {
    "types": mat({f"x_{d}": matrix.astype(d) for d in dtypes} | {"logical": matrix > 2}),
    "compressed": mat({f"x_{d}": matrix.astype(d) for d in dtypes}, do_compression=True),
    "others": mat(others),
    "five_dimensions": mat({"x": np.arange(32.0).reshape(2, 2, 2, 2, 2)}),
    "empty": mat({"x": np.zeros((0, 0)), "after": matrix.astype("u1")}),
    "stored_smaller": header + array(b"x", 6, (2, 2), 1, bytes([1, 2, 3, 4])) + array(b"z", 6, (1, 2), 4, struct.pack("<2H", 7, 300)),
    "sizes_uint32": header + array(b"x", 9, (2, 2), 2, bytes([1, 2, 3, 4]), sizes=6),
    "name_utf8": header + array("größe".encode(), 9, (2, 2), 2, bytes([1, 2, 3, 4]), name_type=16),
    "opaque": header + element(14, string_object) + array(b"x", 9, (2, 2), 2, bytes([1, 2, 3, 4])),
}


def loaded(name, data):
    if name in ("name_utf8", "opaque"):  # Older SciPy reads neither; the values are those written.
        return {("größe" if name == "name_utf8" else "x"): {"shape": [2, 2], "values": [1, 2, 3, 4]}}
    return {
        key: {"shape": list(value.shape), "values": [float(v) for v in value.ravel(order="F")]}
        for key, value in scipy.io.loadmat(io.BytesIO(data)).items()
        if isinstance(value, np.ndarray) and value.dtype.kind in "fiub"
    }


tensors = torch.linspace(-2, 2, 6).reshape(2, 3)
torch_types = {
    "BF16": torch.bfloat16, "F16": torch.float16, "F32": torch.float32, "F64": torch.float64, "I8": torch.int8, "I16": torch.int16,
    "I32": torch.int32, "I64": torch.int64, "U8": torch.uint8, "BOOL": torch.bool, "U16": torch.uint16, "U32": torch.uint32,
    "U64": torch.uint64,
}
stored = {name: (tensors.abs() if name[0] == "U" else tensors).to(dtype) for name, dtype in torch_types.items()}


def tensor_file(header, data=b""):
    return struct.pack("<Q", len(header)) + header.encode() + data


edges = {
    "null_metadata": tensor_file('{"__metadata__":null,"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', bytes(8)),
    "prototype": tensor_file('{"__proto__":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}', bytes(2)),
    "scalar": tensor_file('{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}', bytes(1)),
    "no_tensors": tensor_file("{}"),
    "padded": tensor_file('{"a":{"dtype":"U8","shape":[0,4],"data_offsets":[0,0]}}   '),
    "number_metadata": tensor_file('{"__metadata__":{"epoch":3}}'),
    "negative_shape": tensor_file('{"a":{"dtype":"U8","shape":[-1,-2],"data_offsets":[0,2]}}', bytes(2)),
    "gap": tensor_file('{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}', bytes(2)),
    "too_long": tensor_file('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', bytes(2)),
    "lone_surrogate": tensor_file('{"__metadata__":{"a":"\\\\ud800"}}'.replace("\\\\", "\\")),
}


def accepted(data):
    try:
        safetensors.deserialize(data)
        return True
    except safetensors.SafetensorError:
        return False


frame = pd.DataFrame(values)
print(json.dumps({
    "versions": {m.__name__: m.__version__ for m in (np, scipy, safetensors, torch, pd)},
    "npy": arrays,
    "mat": {name: {"bytes": text(data), "arrays": loaded(name, data)} for name, data in mats.items()},
    "safetensors": {
        "bytes": text(safetensors.torch.save(stored)),
        "values": {name: [float(v) for v in tensor.flatten()] for name, tensor in stored.items()},
        "unsupported": text(safetensors.torch.save({"x": tensors.to(torch.float8_e4m3fn)})),
        "edges": {name: {"bytes": text(data), "accepted": accepted(data)} for name, data in edges.items()},
    },
    "csv": {
        "values": values.ravel().tolist(),
        "pandas": frame.to_csv(index=False),
        "pandas_without_header": frame.to_csv(index=False, header=False),
        "pandas_named": frame.set_axis(["a", "b, c", 'd "e"'], axis=1).to_csv(index=False),
        "pandas_carriage_returns": frame.to_csv(index=False, lineterminator="\r"),
        "pandas_windows": frame.to_csv(index=False, lineterminator="\r\n"),
        "pandas_with_index": frame.to_csv(),
        "numpy": (lambda f: (np.savetxt(f, values, delimiter=",", fmt="%.17g"), f.getvalue())[1])(io.StringIO()),
        "numpy_spaces": (lambda f: (np.savetxt(f, values), f.getvalue())[1])(io.StringIO()),
        "semicolons": frame.to_csv(index=False, sep=";"),
    },
}, allow_nan=False))
