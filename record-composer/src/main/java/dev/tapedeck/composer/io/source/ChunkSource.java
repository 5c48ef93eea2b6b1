package dev.tapedeck.composer.io.source;

import dev.tapedeck.composer.core.verify.Finding;
import dev.tapedeck.composer.core.verify.Finding.Kind;
import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestException;
import dev.tapedeck.protocol.manifest.ManifestJson;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the chunks of one recording and their order: by its manifest; without one by listing everything and asking each
 * chunk's header. Names are never trusted for order.
 */
final class ChunkSource {
  static final String MANIFEST = "manifest.json";
  private static final String CHUNK_SUFFIX = ".tdc";

  private final ObjectStore store;
  private final List<Finding> findings;

  ChunkSource(ObjectStore store, List<Finding> findings) {
    this.store = store;
    this.findings = findings;
  }

  /** The chunks of one session in the order of the tape. */
  record SessionChunks(long recording, String peer, long session, long node, List<ChunkPlace> chunks) {}

  /** The newest manifest, if there is one that can be read; an unreadable one is a finding. */
  Optional<Manifest> manifest() throws IOException {
    Optional<byte[]> json = store.read(MANIFEST);
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ManifestJson.read(json.get()));
    } catch (ManifestException e) {
      findings.add(new Finding(Kind.MANIFEST, MANIFEST, e.getMessage()));
      return Optional.empty();
    }
  }

  List<SessionChunks> byManifest(Manifest manifest) {
    String folder = ChunkKey.recordingPrefix(manifest.app(), manifest.room(), manifest.recording());
    List<SessionChunks> sessions = new ArrayList<>();
    for (Manifest.Session session : manifest.sessions()) {
      List<ChunkPlace> chunks = session.chunks().stream()
          .map(chunk -> new ChunkPlace(relative(chunk.key(), folder), chunk.index(), Optional.of(chunk)))
          .toList();
      sessions.add(new SessionChunks(manifest.recording(), session.peer(), session.session(), session.node(), chunks));
    }
    manifest.gaps().forEach(gap -> findings.add(new Finding(Kind.MANIFEST, gap.peer() + "/" + gap.session(),
        "gap of track " + gap.track() + " from " + gap.from() + " to " + gap.to() + ": " + gap.cause())));
    return sessions;
  }

  List<SessionChunks> byListing() throws IOException {
    Map<String, List<ChunkPlace>> places = new LinkedHashMap<>();
    Map<String, ChunkHeader> headers = new LinkedHashMap<>();
    for (String key : store.list("")) {
      if (key.endsWith(CHUNK_SUFFIX)) {
        header(key).ifPresent(header -> {
          String session = header.recording() + "/" + header.peer() + "/" + header.session();
          headers.putIfAbsent(session, header);
          places.computeIfAbsent(session, name -> new ArrayList<>())
              .add(new ChunkPlace(key, header.index(), Optional.empty()));
        });
      }
    }
    List<SessionChunks> sessions = new ArrayList<>();
    places.forEach((name, chunks) -> {
      ChunkHeader header = headers.get(name);
      sessions.add(new SessionChunks(header.recording(), header.peer(), header.session(), header.node(),
          ordered(header.peer() + "/" + header.session(), chunks)));
    });
    return sessions;
  }

  private List<ChunkPlace> ordered(String session, List<ChunkPlace> chunks) {
    List<ChunkPlace> sorted = chunks.stream().sorted(Comparator.comparingInt(ChunkPlace::index)).toList();
    int expected = 0;
    for (ChunkPlace chunk : sorted) {
      if (chunk.index() > expected) {
        findings.add(new Finding(Kind.INDEX_GAP, session, "chunks " + expected + " to " + (chunk.index() - 1)
            + " are not in the store"));
      }
      expected = chunk.index() + 1;
    }
    return sorted;
  }

  private Optional<ChunkHeader> header(String key) throws IOException {
    try (ChunkReader reader = ChunkReader.open(store.open(key))) {
      if (reader.header().isEmpty()) {
        findings.add(new Finding(Kind.CORRUPT, key, "not a chunk of a version known here"));
      }
      return reader.header();
    } catch (FileNotFoundException e) {
      findings.add(new Finding(Kind.MISSING, key, "was listed, but is gone"));
      return Optional.empty();
    }
  }

  // The recording may lie under any prefix; below it the keys are those of the manifest.
  private static String relative(String key, String folder) {
    return key.startsWith(folder) ? key.substring(folder.length()) : key;
  }
}
