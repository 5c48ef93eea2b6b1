package dev.tapedeck.bench.record;

import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkState;
import dev.tapedeck.protocol.chunk.EntryKind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What recordings take beside what was received.
 *
 * @param rtpBytes     of the packets in the chunks, headers included
 * @param objectBytes  of the chunks as they lie in the store
 * @param journalBytes that the server wrote to its disk for them, notes and tombstones included
 */
record TapeSize(long packets, long rtpBytes, long objectBytes, long journalBytes) {

  /** Reads all chunks of rooms whose names begin so.
   *  @param app folder of an app in the bucket */
  static TapeSize read(Path app, String roomPrefix, long journalBytes) throws IOException {
    long packets = 0;
    long rtpBytes = 0;
    long objectBytes = 0;
    for (Path chunk : chunks(app, roomPrefix)) {
      try (ChunkReader reader = ChunkReader.open(new BufferedInputStream(Files.newInputStream(chunk)))) {
        while (reader.next()) {
          if (reader.entry().kind() == EntryKind.RTP) {
            packets++;
            rtpBytes += reader.entry().payloadBytes();
          }
        }
        if (reader.state() != ChunkState.COMPLETE) {
          throw new IOException("chunk " + chunk + " is " + reader.state() + " at " + reader.damagedAt());
        }
      }
      objectBytes += Files.size(chunk);
    }
    return new TapeSize(packets, rtpBytes, objectBytes, journalBytes);
  }

  private static List<Path> chunks(Path app, String roomPrefix) throws IOException {
    try (Stream<Path> files = Files.walk(app)) {
      return files.filter(file -> file.toString().endsWith(".tdc")
          && app.relativize(file).getName(0).toString().startsWith(roomPrefix)).toList();
    }
  }

  double journalOverRtp() {
    return (double) journalBytes / rtpBytes;
  }

  double objectsOverRtp() {
    return (double) objectBytes / rtpBytes;
  }
}
