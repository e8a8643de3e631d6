"""What the compiled passes share: the machine's own operations on words, and the rows of a bitmap.

numba keeps what it compiled beside the file of the function that was called, and looks at that file alone to see
whether it is still true: after a change here, touch `compiled` and `ranked` too.
"""

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

#: Words of a bitmap, of 64 rows each, that are gone through at a time: what is held of their rows stays in the caches.
BLOCK = 256
#: Records are asked for so many rows before they are read.
AHEAD = 12
#: Of a 64-bit word: one, and what a row's number has within its word.
U1, U63 = np.uint64(1), np.uint64(63)
_BYTE_POINTER = ir.IntType(8).as_pointer()


@intrinsic
def ones(typing, word):
    """Return how many bits of a word are set."""

    def generate(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


@intrinsic
def lowest(typing, word):
    """Return the place of the lowest bit of a word that has one."""

    def generate(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate


@intrinsic
def ask_for(typing, array, place):
    """Have the cache line of an item read, so that it is there when it is used."""

    def generate(context, builder, signature, arguments):
        laid = context.make_array(signature.args[0])(context, builder, arguments[0])
        number, flag = builder.bitcast(builder.gep(laid.data, [arguments[1]]), _BYTE_POINTER), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [_BYTE_POINTER, flag, flag, flag])
        read = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(read, [number, flag(0), flag(3), flag(1)])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


@njit(cache=True, nogil=True)
def gather(bits, low, high, first, rows):
    """Write the rows of some words of a bitmap, whose first word stands for word `first`; returns how many."""
    found = 0
    for word in range(low, high):
        left = bits[word]
        while left != 0:
            rows[found] = (first + word - low) * 64 + lowest(left)
            left &= left - U1
            found += 1
    return found
