package dev.tapedeck.connector.io.library;

import dev.tapedeck.connector.core.ledger.Promise;
import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkState;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.chunk.RoomEventEntry;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.wire.Gap;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A chunk that no manifest names, read through.
 *
 * @param node       of the media server that taped it
 * @param roomEvents what happened in the room meanwhile
 */
record FoundChunk(ChunkKey key, Promise promise, long node, long roomInstance, List<RoomEventEntry> roomEvents) {
  /** Reads the whole object; empty when it is no whole chunk, or not the one its key says. */
  static Optional<FoundChunk> read(LibrarySource source, String key, long bytes) throws IOException {
    ChunkKey named = ChunkKey.parse(key).orElseThrow();
    MessageDigest sha256 = sha256();
    try (InputStream in = new DigestInputStream(source.open(key), sha256); ChunkReader reader = ChunkReader.open(in)) {
      List<Gap> gaps = new ArrayList<>();
      List<RoomEventEntry> roomEvents = new ArrayList<>();
      while (reader.next()) {
        reader.entry().asGap().map(GapEntry::toWire).ifPresent(gaps::add);
        reader.entry().asRoomEvent().ifPresent(roomEvents::add);
      }
      in.transferTo(OutputStream.nullOutputStream());
      if (reader.state() != ChunkState.COMPLETE || !reader.header().filter(header -> isOf(header, named)).isPresent()) {
        return Optional.empty();
      }
      ChunkHeader header = reader.header().get();
      return Optional.of(new FoundChunk(named, new Promise(named.index(), key, named.fromMs(), named.toMs(), bytes,
          reader.packets(), HexFormat.of().formatHex(sha256.digest()), Promise.State.VERIFIED, gaps),
          Integer.toUnsignedLong(header.node()), header.roomInstance(), roomEvents));
    }
  }

  private static boolean isOf(ChunkHeader header, ChunkKey key) {
    return header.app().equals(key.app()) && header.room().equals(key.room()) && header.peer().equals(key.peer())
        && header.recording() == key.recording() && header.session() == key.session() && header.index() == key.index();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
