"""The ctypes layer over libnetsession.so.

abi        the header's types, structs and prototypes, and nothing else
library    finds and loads the library, and turns negative results into exceptions
handle     owns one handle of the C interface
structs    fills the structs that C functions take
text       converts strings to C and back
"""
