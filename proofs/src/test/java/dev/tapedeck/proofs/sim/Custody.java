package dev.tapedeck.proofs.sim;

import dev.tapedeck.connector.io.store.FeedRows;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkState;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestException;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.manifest.Verdict;
import dev.tapedeck.protocol.wire.RecordEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Compares bucket, manifests and events of a run with what its senders remember and with what was done to them. */
final class Custody {
  private final World world;
  private final List<FeedRows.Entry> feed;

  Custody(World world) {
    this.world = world;
    feed = world.database.read(handle -> FeedRows.after(handle, "app", 0, 1_000_000));
  }

  /** @throws Found at the first promise that did not hold */
  void check() throws IOException {
    for (Recording recording : world.recordings) {
      Optional<RecordingRows.Recording> row =
          world.database.read(handle -> RecordingRows.find(handle, recording.app, recording.id));
      if (row.isPresent()) {
        checkTold(recording, row.get());
      } else {
        checkUnheard(recording);
      }
    }
  }

  /** Of a recording nobody ever told the connector of, nothing may be left that should have been kept. */
  private static void checkUnheard(Recording recording) {
    recording.sessions.forEach(Custody::checkUnheard);
  }

  private static void checkUnheard(TapedSession session) {
    long safe = session.log.stream()
        .filter(packet -> packet.isTaped() && packet.arrivalNanos() <= session.safeUntilNanos).count();
    Found.unless(safe == 0, "every tape is told of", session.session + " lost " + safe + " packets");
  }

  private void checkTold(Recording recording, RecordingRows.Recording row) throws IOException {
    checkEvents(recording, row);
    String previous = null;
    for (int version = 1; version <= row.manifest(); version++) {
      byte[] json = object(ChunkKey.manifest(recording.app, recording.room, recording.id, version));
      Manifest manifest = parse(json);
      Found.unless(manifest.version() == version && Optional.ofNullable(previous).equals(manifest.previousSha256()),
          "manifests are a chain", recording.id + " version " + version);
      previous = ManifestJson.sha256(json);
      check(recording, manifest, version == row.manifest());
    }
  }

  private void checkEvents(Recording recording, RecordingRows.Recording row) {
    String path = ChunkKey.recordingPrefix(recording.app, recording.room, recording.id);
    List<FeedRows.Entry> told = feed.stream()
        .filter(entry -> entry.event().toString().contains(path.substring(0, path.length() - 1))).toList();
    Map<String, Long> kinds = told.stream().collect(Collectors.groupingBy(FeedRows.Entry::kind, Collectors.counting()));
    Found.unless(kinds.getOrDefault("record.finalized", 0L) == 1, "Finalized comes exactly once",
        recording.id + " has " + kinds);
    // A connector that dies or loses the store between manifest and event leaves a version that nobody speaks of.
    long unspoken = row.manifest() - 1 - kinds.getOrDefault("record.amended", 0L);
    Found.unless(unspoken >= 0 && unspoken <= interruptions(),
        "each later manifest is told by Amended",
        recording.id + " has " + kinds + " and " + row.manifest() + " manifests");
    checkLastVerdict(row, told);
    Found.unless(kinds.getOrDefault("record.stopped", 0L) == 1, "Stopped comes exactly once",
        recording.id + " has " + kinds);
  }

  /** Whatever was interrupted: what is known of a recording in the end is what was said of it last. */
  private static void checkLastVerdict(RecordingRows.Recording row, List<FeedRows.Entry> told) {
    RecordEvent last = told.stream().map(entry -> entry.event().getRecord())
        .filter(event -> event.hasFinalized() || event.hasAmended()).toList().getLast();
    boolean isNewest = last.hasAmended()
        ? last.getAmended().getManifestVersion() == row.manifest()
        : last.getFinalized().getPackets() == row.packets() && last.getFinalized().getGapsCount() == row.gaps();
    Found.unless(isNewest, "the newest manifest is told of", row.recording() + " has " + row + ", told " + last);
  }

  private int interruptions() {
    return world.faults.hits().getOrDefault("connector: crash", 0)
        + world.faults.hits().getOrDefault("store: no answer to the connector", 0);
  }

  /** One version: what it says must have been true when it was said. */
  private void check(Recording recording, Manifest manifest, boolean isLast) throws IOException {
    Map<Long, Manifest.Session> sessions = new HashMap<>();
    manifest.sessions().forEach(session -> sessions.put(session.session(), session));
    for (TapedSession session : recording.sessions) {
      // One that was spoken in order, and went on because a disk had not taken its end, knew nothing of what came later.
      boolean isLater = !isLast && recording.wentOnAfterItsEnd && !sessions.containsKey(session.session);
      if (!session.isEmpty() && !isLater) {
        check(session, Optional.ofNullable(sessions.remove(session.session)), manifest, isLast);
      }
    }
    boolean endsByCrash = manifest.gaps().stream().anyMatch(gap -> gap.session() == 0);
    if (isLast && !recording.isEmpty()) {
      Found.unless(endsByCrash || !recording.mustEndByCrash, "every injected loss is named",
          recording.id + " was open when its process died, gaps " + manifest.gaps());
      Found.unless(!endsByCrash || recording.mayEndByCrash, "no loss is invented",
          recording.id + " was closed in order, gaps " + manifest.gaps());
    }
    Found.unless(sessions.isEmpty(), "no session is invented", sessions.keySet().toString());
    Verdict verdict = !manifest.gaps().isEmpty() ? Verdict.PARTIAL
        : manifest.packets() > 0 ? Verdict.COMPLETE : Verdict.EMPTY;
    Found.unless(manifest.verdict() == verdict, "the verdict follows from the gaps",
        manifest.verdict() + " with " + manifest.gaps());
  }

  private void check(TapedSession session, Optional<Manifest.Session> told, Manifest manifest, boolean isLast)
      throws IOException {
    String about = "session " + session.session + " of " + manifest.recording() + " version " + manifest.version();
    List<Manifest.Gap> gaps =
        manifest.gaps().stream().filter(gap -> gap.session() == session.session || gap.session() == 0).toList();
    Set<Integer> stored = told.isPresent() ? readAll(session, told.get(), about) : Set.of();
    List<TapedSession.Packet> missing = new ArrayList<>();
    for (int i = 0; i < session.log.size(); i++) {
      if (!stored.contains(i)) {
        missing.add(session.log.get(i));
      }
    }
    boolean seesTheEnd = isLast && !session.recording.home.isBuried;
    checkMissing(missing, gaps, told.isPresent(), seesTheEnd, about);
    if (isLast && told.isEmpty()) {
      checkUnheard(session);
    }
    if (isLast && told.isPresent()) {
      checkCauses(session, missing, gaps.stream().filter(gap -> gap.session() != 0).toList(), about);
    }
  }

  private static void checkMissing(List<TapedSession.Packet> missing, List<Manifest.Gap> gaps, boolean isHeardOf,
      boolean seesTheEnd, String about) {
    for (TapedSession.Packet packet : missing) {
      Found.unless(gaps.stream().anyMatch(gap -> names(gap, packet, isHeardOf, seesTheEnd)),
          "what is missing lies in a named gap", missing.size() + " packets, one of "
              + SimClock.wallMillis(packet.arrivalNanos()) + ", " + about + ", gaps " + gaps);
    }
  }

  /**
   * Whether the gap takes in the packet. Since when somebody was there of whom nobody heard, nobody knows; and a media
   * server that the connector has given up, for now or for ever, may go on taping.
   */
  private static boolean names(
      Manifest.Gap gap, TapedSession.Packet packet, boolean isHeardOf, boolean seesTheEnd) {
    long millis = SimClock.wallMillis(packet.arrivalNanos());
    boolean isOpenEnded = gap.cause().equals(GapEntry.CRASH) && !seesTheEnd;
    return (gap.track() == 0 || gap.track() == packet.track())
        && (gap.from().toEpochMilli() <= millis || !isHeardOf)
        && (millis <= gap.to().toEpochMilli() || isOpenEnded);
  }

  /** The causes named are those that were injected; what a crash may have cost is younger than the recovery point. */
  private static void checkCauses(
      TapedSession session, List<TapedSession.Packet> missing, List<Manifest.Gap> gaps, String about) {
    Set<String> named = gaps.stream().map(Manifest.Gap::cause).collect(Collectors.toCollection(TreeSet::new));
    Set<String> allowed = new TreeSet<>(session.certainCauses);
    allowed.addAll(session.possibleCauses);
    Found.unless(named.containsAll(session.certainCauses), "every injected loss is named",
        about + " names " + named + ", injected were " + session.certainCauses + ", gaps " + gaps);
    Found.unless(allowed.containsAll(named), "no loss is invented",
        about + " names " + gaps + ", injected were " + allowed);
    boolean mayCrash = allowed.contains("crash") || allowed.contains("upload");
    if (!mayCrash) {
      long counted = gaps.stream().mapToLong(Manifest.Gap::packets).sum();
      Found.unless(counted == missing.size(), "gaps count what is missing",
          about + ": " + missing.size() + " missing, " + gaps);
    }
    boolean hasOtherGaps = named.stream().anyMatch(cause -> !cause.equals("crash"));
    long tooOld = missing.stream()
        .filter(packet -> packet.isTaped() && packet.arrivalNanos() <= session.safeUntilNanos).count();
    Found.unless(tooOld == 0 || hasOtherGaps, "nothing older than the recovery point is missing",
        tooOld + " packets, " + about);
  }

  /** @return places in the log of the packets that are stored */
  private Set<Integer> readAll(TapedSession session, Manifest.Session told, String about) throws IOException {
    Map<List<Long>, Integer> places = new HashMap<>();
    for (int i = 0; i < session.log.size(); i++) {
      TapedSession.Packet packet = session.log.get(i);
      places.put(List.of(packet.ssrc(), (long) packet.sequenceNumber()), i);
    }
    Set<Integer> stored = new TreeSet<>();
    for (Manifest.Chunk chunk : told.chunks()) {
      byte[] object = world.store.objects.get(chunk.key());
      if (object == null && world.store.lostLater.containsKey(chunk.key())) {
        object = world.store.lostLater.get(chunk.key());
      }
      Found.unless(object != null, "what is verified is in the bucket", chunk.key());
      String sha256 = SimStore.hex(SimStore.sha256(object));
      Found.unless(sha256.equals(chunk.sha256()), "objects have their hash", chunk.key());
      read(chunk, object, session, places, stored, about);
    }
    return stored;
  }

  private static void read(Manifest.Chunk chunk, byte[] object, TapedSession session,
      Map<List<Long>, Integer> places, Set<Integer> stored, String about) throws IOException {
    ChunkReader reader = ChunkReader.of(object);
    boolean isIts = reader.header().filter(header -> header.index() == chunk.index()
        && header.session() == session.session).isPresent();
    Found.unless(isIts, "a chunk is the one its place says", chunk.key());
    while (reader.next()) {
      if (reader.entry().kind() == EntryKind.RTP) {
        byte[] packet = reader.entry().payload();
        Integer place = places.get(List.of(u32(packet, 8), u32(packet, 0) & 0xFFFF));
        Found.unless(place != null && Arrays.equals(packet, session.log.get(place).bytes()),
            "every packet is one that was sent", about);
        Found.unless(stored.add(place), "no packet is stored twice", about);
      }
    }
    Found.unless(reader.state() == ChunkState.COMPLETE, "chunks are whole", chunk.key() + " " + reader.state());
  }

  private static long u32(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).getInt(at) & 0xFFFF_FFFFL;
  }

  private byte[] object(String key) {
    byte[] object = world.store.objects.get(key);
    Found.unless(object != null, "manifests are in the bucket", key);
    return object;
  }

  private static Manifest parse(byte[] json) {
    try {
      return ManifestJson.read(json);
    } catch (ManifestException e) {
      throw new Found("manifests can be read", e.getMessage());
    }
  }
}
