package dev.tapedeck.composer.io.source;

import dev.tapedeck.protocol.manifest.Manifest;
import java.util.Optional;

/**
 * One chunk to read, in its place in the recording.
 *
 * @param key      relative to the recording
 * @param promised what the manifest says of it; empty when it was found by listing
 */
record ChunkPlace(String key, int index, Optional<Manifest.Chunk> promised) {}
