#!/usr/bin/env python3
"""Judges runs of the record path by the senders' own log and the bucket, with a chunk reader of its own.

usage: judge_runs.py READER RUN.zip...

READER is read_chunk.py. Each zip holds log.jsonl (what the senders handed in), facts.json (what was done to them) and
bucket/ (everything that is stored). Prints a line for each broken promise and one for the sum; exit status 0 if there
is none.
"""

import calendar
import hashlib
import importlib.util
import json
import sys
import time
import zipfile


def load(path):
    spec = importlib.util.spec_from_file_location("read_chunk", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def millis(iso):
    seconds, fraction = iso.rstrip("Z").split(".")
    return calendar.timegm(time.strptime(seconds, "%Y-%m-%dT%H:%M:%S")) * 1000 + int(fraction)


class Run:
    def __init__(self, reader, path):
        self.reader = reader
        self.zip = zipfile.ZipFile(path)
        self.names = set(self.zip.namelist())
        self.facts = json.loads(self.zip.read("facts.json"))
        self.log = {}
        for line in self.zip.read("log.jsonl").decode().splitlines():
            packet = json.loads(line)
            self.log.setdefault(packet["session"], {})[packet["ssrc"], packet["seq"]] = packet
        self.problems = []
        self.packets = self.chunks = 0

    def broken(self, promise, detail):
        self.problems.append(f"seed {self.facts['seed']} {promise}: {detail}")

    def object(self, key):
        name = "bucket/" + key
        return self.zip.read(name) if name in self.names else None

    def judge(self):
        for recording in self.facts["recordings"]:
            manifest = self.newest_manifest(recording)
            if manifest is not None:
                self.judge_recording(recording, manifest)
        return self.problems

    def newest_manifest(self, recording):
        """Follows the versions by their hashes; without one the recording was never told of."""
        version, previous, raw = 1, None, None
        while (found := self.object(f"{recording['prefix']}manifest.{version}.json")) is not None:
            manifest = json.loads(found)
            if manifest["previousSha256"] != previous or manifest["version"] != version:
                self.broken("manifests are a chain", f"{recording['id']} version {version}")
            previous, raw, version = hashlib.sha256(found).hexdigest(), found, version + 1
        if raw is None:
            if recording["isTold"]:
                self.broken("every recording has a manifest", str(recording["id"]))
            return None
        if self.object(recording["prefix"] + "manifest.json") != raw:
            self.broken("manifest.json is the newest", str(recording["id"]))
        return json.loads(raw)

    def judge_recording(self, recording, manifest):
        told = {session["session"]: session for session in manifest["sessions"]}
        known = {session["session"] for session in recording["sessions"]}
        for stranger in told.keys() - known:
            self.broken("no session is invented", str(stranger))
        for session in recording["sessions"]:
            self.judge_session(recording, manifest, session, told.get(session["session"]))
        judged = "partial" if any(not gap.get("requested") for gap in manifest["gaps"]) else (
            "complete" if self.has_packets(manifest) else "empty")
        if manifest["verdict"] != judged:
            self.broken("the verdict is right", f"{recording['id']} says {manifest['verdict']}, it is {judged}")
        unheard = any(gap["session"] == 0 for gap in manifest["gaps"])
        if recording["mustEndByCrash"] and not unheard or unheard and not recording["mayEndByCrash"]:
            self.broken("the end by a crash is told when there was one", str(recording["id"]))

    @staticmethod
    def has_packets(manifest):
        return any(session["packets"] for session in manifest["sessions"])

    def judge_session(self, recording, manifest, facts, told):
        session = facts["session"]
        log = self.log.get(session, {})
        stored = self.read(recording, manifest, told, log) if told else set()
        gaps = [gap for gap in manifest["gaps"] if gap["session"] in (0, session)]
        lost_later = [(chunk["fromMs"], chunk["toMs"]) for chunk in (told or {"chunks": []})["chunks"]
                      if chunk["key"] in self.facts["lostLater"]]
        for identity, packet in log.items():
            if identity not in stored:
                self.judge_missing(recording, facts, packet, gaps, lost_later, told is not None)
        if told:
            self.judge_causes(facts, {gap["cause"] for gap in gaps if gap["session"] == session})

    def judge_missing(self, recording, facts, packet, gaps, lost_later, is_heard_of):
        """Since when somebody was there of whom nobody heard, nobody knows; nor how long a machine went on that is gone."""
        at = packet["ms"]
        if any(begin <= at <= end for begin, end in lost_later):
            return
        causes = {gap["cause"] for gap in gaps if gap["track"] in (0, packet["track"])
                  and (millis(gap["from"]) <= at or not is_heard_of)
                  and (at <= millis(gap["to"]) or recording["isBuried"] and gap["cause"] == "crash")}
        if not causes:
            self.broken("stored, or in a named gap", f"session {facts['session']} packet {packet}")
        if causes == {"crash"} and packet["taped"] and at <= facts["safeUntilMs"]:
            self.broken("nothing older than the recovery point is missing",
                        f"session {facts['session']} packet {packet}")

    def judge_causes(self, facts, named):
        certain, possible = set(facts["certain"]), set(facts["certain"]) | set(facts["possible"])
        if not certain <= named <= possible:
            self.broken("causes are those injected", f"session {facts['session']} names {sorted(named)}, "
                        f"certain {sorted(certain)}, possible {sorted(possible)}")

    def read(self, recording, manifest, told, log):
        stored = set()
        for chunk in told["chunks"]:
            data = self.object(chunk["key"])
            if data is None:
                if chunk["key"] not in self.facts["lostLater"]:
                    self.broken("what is verified is in the bucket", chunk["key"])
                continue
            if hashlib.sha256(data).hexdigest() != chunk["sha256"] or len(data) != chunk["bytes"]:
                self.broken("objects have their hash", chunk["key"])
            self.read_chunk(recording, told, chunk, data, log, stored)
        return stored

    def read_chunk(self, recording, told, chunk, data, log, stored):
        self.chunks += 1
        reader = self.reader.Chunk(data, with_payload=True)
        packets = 0
        for line in reader.lines():
            if line["type"] == "header" and (line["recording"], line["session"], line["index"], line["peer"]) != (
                    recording["id"], told["session"], chunk["index"], told["peer"]):
                self.broken("a chunk is the one its place says", chunk["key"])
            if line["type"] == "entry" and line["kind"] == "rtp":
                packets += 1
                self.take(chunk, line, log, stored)
        if reader.state != "complete" or packets != chunk["packets"]:
            self.broken("chunks are whole", f"{chunk['key']} {reader.state}, {packets} of {chunk['packets']} packets")

    def take(self, chunk, line, log, stored):
        self.packets += 1
        identity = line["ssrc"], line["sequence"]
        sent = log.get(identity)
        if sent is None or sent["sha256"] != hashlib.sha256(bytes.fromhex(line["payload"])).hexdigest():
            self.broken("every packet is one that was sent", f"{chunk['key']} {identity}")
        if identity in stored:
            self.broken("no packet is stored twice", f"{chunk['key']} {identity}")
        stored.add(identity)


def main(arguments):
    reader = load(arguments[0])
    runs = packets = chunks = broken = 0
    for path in arguments[1:]:
        run = Run(reader, path)
        for problem in run.judge():
            print(problem)
            broken += 1
        runs, packets, chunks = runs + 1, packets + run.packets, chunks + run.chunks
    print(f"second reader: runs {runs}, chunks {chunks}, packets {packets}, broken promises {broken}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
