package dev.tapedeck.bench.conference;

import dev.tapedeck.bench.load.LoadRun;
import dev.tapedeck.bench.load.MemoryUse;

/** One arrangement of rooms. @param memory per session, of which each person has two */
record ConferenceRun(Conference conference, LoadRun load, MemoryUse memory) {}
