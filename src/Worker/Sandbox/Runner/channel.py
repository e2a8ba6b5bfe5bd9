"""Frames between the worker and a slot.

A frame is two little-endian 32-bit lengths, a JSON header and a body of bytes. Texts of any size travel in the body, so
that nothing is quoted twice and any byte may occur.
"""
import json
import os
import struct

LENGTHS = struct.Struct('<II')
LARGEST = 256 << 20


class Closed(Exception):
    """The other end is gone."""


class Channel:
    def __init__(self, incoming, outgoing):
        self.incoming, self.outgoing = incoming, outgoing

    def receive(self):
        """One frame: (header, body). Reads no byte more than the frame has, for the next one may be another process's."""
        lengths = LENGTHS.unpack(self.read(LENGTHS.size))
        if sum(lengths) > LARGEST:
            raise Closed('a frame of %d bytes' % sum(lengths))
        header = self.read(lengths[0])
        return json.loads(header), self.read(lengths[1])

    def send(self, header, *bodies):
        text = json.dumps(header).encode()
        data = b''.join((LENGTHS.pack(len(text), sum(map(len, bodies))), text, *bodies))
        view = memoryview(data)
        while view:
            view = view[os.write(self.outgoing, view):]

    def read(self, count):
        parts = []
        while count:
            part = os.read(self.incoming, min(count, 1 << 20))
            if not part:
                raise Closed
            parts.append(part)
            count -= len(part)
        return b''.join(parts)
