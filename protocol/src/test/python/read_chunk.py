#!/usr/bin/env python3
"""Reads Tapedeck chunks, by docs/chunk-format.md and nothing else.

usage: read_chunk.py [--payload] FILE...

Prints JSON lines: one for each file's header, one for each whole entry, one for its end. With --payload the payload
of every entry is printed in hex. Exit status 0 if every chunk is complete.
"""

import array
import hashlib
import json
import struct
import sys

MAGIC = bytes.fromhex("895444430D0A1A0A")
KINDS = {1: "track", 2: "rtp", 3: "rtcp-sr", 4: "room-event", 5: "clock", 6: "gap", 7: "index", 8: "end"}
JSON_KINDS = {"track", "room-event", "gap"}
MAX_BODY = 65536
MIN_ENTRY, MAX_ENTRY = 12, 1048576


def _crc_table():
    """CRC32C of every 16-bit word, so that two bytes are taken at a time."""
    table = []
    for word in range(65536):
        for _ in range(16):
            word = (word >> 1) ^ (0x82F63B78 if word & 1 else 0)
        table.append(word)
    return table


CRC_TABLE = _crc_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    even = len(data) & ~1
    words = array.array("H", bytes(data[:even]))
    if sys.byteorder == "big":
        words.byteswap()
    for word in words:
        crc = CRC_TABLE[(crc ^ word) & 0xFFFF] ^ (crc >> 16)
    if even < len(data):
        crc ^= data[-1]
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class Unreadable(Exception):
    pass


class Fields:
    """The body of a header, read from front to back."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise Unreadable("header body is too short")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, layout):
        return struct.unpack(">" + layout, self.take(struct.calcsize(">" + layout)))[0]

    def block(self):
        return self.take(self.number("H"))

    def text(self):
        try:
            return self.block().decode("utf-8")
        except UnicodeDecodeError as e:
            raise Unreadable("text is not UTF-8") from e


def read_header(data):
    """Returns (header, offset of the first entry)."""
    if len(data) < 16 or data[:8] != MAGIC:
        raise Unreadable("no magic")
    version, _flags, body_bytes = struct.unpack(">HHI", data[8:16])
    end = 16 + body_bytes
    if version != 1 or body_bytes > MAX_BODY or len(data) < end + 4:
        raise Unreadable("version or length")
    if struct.unpack(">I", data[end:end + 4])[0] != crc32c(data[:end]):
        raise Unreadable("checksum")
    body = Fields(data[16:end])
    header = {name: body.number(layout) for name, layout in (
        ("recording", "Q"), ("session", "Q"), ("index", "I"), ("node", "I"), ("roomInstance", "Q"),
        ("createdWallNanos", "q"))}
    for name in ("app", "room", "peer"):
        header[name] = body.text()
    header["cipher"] = body.number("B")
    header["keyId"] = body.text()
    header["wrappedKey"] = body.block().hex()
    header["nonceBase"] = body.block().hex()
    return header, end + 4


def describe(kind, payload):
    """What the payload says, as far as it can be told."""
    if kind in JSON_KINDS:
        try:
            return {"json": json.loads(payload.decode("utf-8"))}
        except (ValueError, RecursionError):
            return {"json": None}
    if kind == "rtp" and len(payload) >= 12:
        marker_and_type, sequence, timestamp, ssrc = struct.unpack(">BHII", payload[1:12])
        return {"payloadType": marker_and_type & 0x7F, "marker": marker_and_type >> 7, "sequence": sequence,
                "timestamp": timestamp, "ssrc": ssrc}
    if kind == "clock" and len(payload) >= 16:
        monotonic, wall = struct.unpack(">qq", payload[:16])
        return {"monotonicNanos": monotonic, "wallNanos": wall}
    if kind == "index" and len(payload) % 12 == 0:
        return {"points": [list(point) for point in struct.iter_unpack(">Iq", payload)]}
    if kind == "end" and len(payload) >= 52:
        packets, entries, before = struct.unpack(">QIQ", payload[:20])
        return {"packets": packets, "entries": entries, "bytesBefore": before, "sha256": payload[20:52].hex()}
    return {}


class Chunk:
    """Goes through one chunk; `lines` gives what to print, `state` what was found."""

    def __init__(self, data, with_payload=False):
        self.data, self.with_payload = data, with_payload
        self.entries = self.packets = self.damaged_entries = 0
        self.damaged_at = -1
        self.state = None

    def lines(self):
        try:
            header, at = read_header(self.data)
        except Unreadable:
            self.end("corrupt", 0)
        else:
            yield {"type": "header", **header}
            yield from self.read_entries(at)
        yield {"type": "end", "state": self.state, "damagedAt": self.damaged_at, "damagedEntries": self.damaged_entries,
               "entries": self.entries, "packets": self.packets}

    def end(self, state, damaged_at=-1):
        if self.damaged_at < 0:
            self.damaged_at = damaged_at
        self.state = "corrupt" if self.damaged_entries else state

    def read_entries(self, at):
        data = self.data
        while self.state is None:
            if at == len(data):
                self.end("unsealed")
                return
            if len(data) - at < 8:
                self.end("torn", at)
                return
            length, crc = struct.unpack(">II", data[at:at + 8])
            if not MIN_ENTRY <= length <= MAX_ENTRY or at + 8 + length > len(data):
                self.end("torn", at)
                return
            covered = data[at + 8:at + 8 + length]
            if crc32c(covered) != crc:
                self.damaged_entries += 1
                if self.damaged_at < 0:
                    self.damaged_at = at
            else:
                yield self.take(at, covered)
            at += 8 + length

    def take(self, at, covered):
        code, flags, track, arrival = struct.unpack(">BBHq", covered[:12])
        payload = covered[12:]
        kind = KINDS.get(code, "unknown")
        line = {"type": "entry", "offset": at, "kind": kind, "code": code, "flags": flags, "track": track,
                "arrivalNanos": arrival, "bytes": len(payload), **describe(kind, payload)}
        if self.with_payload:
            line["payload"] = payload.hex()
        if kind == "end":
            self.check_end(at, at + 8 + len(covered), line)
        else:
            self.entries += 1
            self.packets += kind == "rtp"
        return line

    def check_end(self, at, behind, end):
        fits = (end.get("packets"), end.get("entries"), end.get("bytesBefore"), end.get("sha256")) == (
            self.packets, self.entries, at, hashlib.sha256(self.data[:at]).hexdigest())
        if not fits:
            self.end("corrupt", at)
        elif behind != len(self.data):
            self.end("corrupt", behind)
        else:
            self.end("complete")


def main(arguments):
    with_payload = "--payload" in arguments
    files = [argument for argument in arguments if argument != "--payload"]
    all_complete = bool(files)
    for name in files:
        with open(name, "rb") as file:
            chunk = Chunk(file.read(), with_payload)
        for line in chunk.lines():
            print(json.dumps({"file": name, **line}))
        all_complete &= chunk.state == "complete"
    return 0 if all_complete else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
