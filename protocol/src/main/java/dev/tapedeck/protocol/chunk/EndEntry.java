package dev.tapedeck.protocol.chunk;

import com.google.protobuf.ByteString;

/**
 * The mark that a chunk is whole.
 *
 * @param packets     rtp entries in the chunk
 * @param entries     entries before this one
 * @param bytesBefore bytes before this entry, header included
 * @param sha256      of these bytes
 */
public record EndEntry(long packets, long entries, long bytesBefore, ByteString sha256) {}
