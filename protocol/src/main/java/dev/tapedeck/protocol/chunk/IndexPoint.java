package dev.tapedeck.protocol.chunk;

/**
 * Where to start reading for a moment.
 *
 * @param offset       of an entry, from the start of the chunk
 * @param arrivalNanos of that entry
 */
public record IndexPoint(long offset, long arrivalNanos) {}
