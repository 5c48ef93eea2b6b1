package dev.tapedeck.connector.io.library;

import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.id.KeySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a listing shows of one recording: versions of its manifest, and its chunks with their lengths. */
final class FoundRecording {
  private static final String NUMBER = "(0|[1-9][0-9]{0,17})";
  private static final Pattern MANIFEST =
      Pattern.compile("([^/]+)/([^/]+)/" + NUMBER + "/manifest\\.([1-9][0-9]{0,8})\\.json");

  private final Id id;
  private final TreeMap<Integer, String> manifests = new TreeMap<>();
  private final Map<String, Long> chunkBytes = new HashMap<>();

  FoundRecording(Id id) {
    this.id = id;
  }

  record Id(String app, String room, long recording) {
    /** Of the recording that this object belongs to; empty for what is neither a chunk nor a manifest's version. */
    static Optional<Id> ofKey(String key) {
      Optional<Id> ofChunk =
          ChunkKey.parse(key).map(chunk -> new Id(chunk.app(), chunk.room(), chunk.recording()));
      return ofChunk.isPresent() ? ofChunk : ofManifest(key);
    }

    private static Optional<Id> ofManifest(String key) {
      Matcher m = MANIFEST.matcher(key);
      try {
        return m.matches() ? Optional.of(new Id(KeySegment.unescape(m.group(1)), KeySegment.unescape(m.group(2)),
            Long.parseLong(m.group(3)))) : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  Id id() {
    return id;
  }

  void add(String key, long bytes) {
    Matcher m = MANIFEST.matcher(key);
    if (m.matches()) {
      manifests.put(Integer.parseInt(m.group(4)), key);
    } else {
      chunkBytes.put(key, bytes);
    }
  }

  /** Keys of the manifest by version, the newest last. */
  TreeMap<Integer, String> manifests() {
    return manifests;
  }

  Map<String, Long> chunkBytes() {
    return chunkBytes;
  }
}
