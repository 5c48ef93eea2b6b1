package dev.tapedeck.bench.client.media;

/**
 * One frame of an IVF file.
 *
 * @param pts presentation time in units of the file's time base
 */
public record IvfFrame(long pts, byte[] data) {}
