"""The types of the arrays that the engine is made of."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
#: One bit a row, 64 rows a word, the lowest bit first; bits behind the last row are 0.
Bits = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Codes16 = npt.NDArray[np.uint16]
Rows = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Strings = npt.NDArray[np.bytes_]
