package dev.tapedeck.media.core.record;
public enum TapeEnd { LEFT, TIMED_OUT, STOPPED, NODE_SHUTDOWN, CRASHED, REPLACED }
