package dev.tapedeck.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tapedeck.bench.client.PublishedTrack;
import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.media.BurstSource;
import dev.tapedeck.bench.client.net.Impairment;
import dev.tapedeck.bench.client.rtp.SentPacket;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.lab.Lab;
import dev.tapedeck.bench.lab.Tape;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Two rooms with three recorded participants, one fault, and the reckoning afterwards. */
final class ChaosRun {
  /** What the configuration reference promises for {@code record.durability = interval}. */
  private static final long RECOVERY_POINT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration VERDICT_DEADLINE = Duration.ofSeconds(120);
  private static final Duration LONGEST_CALL = Duration.ofMinutes(10);
  /** Media flows at least so long, and goes on for a while after the fault. */
  private static final int CALL_MILLIS = 5000;
  private static final int AFTERMATH_MILLIS = 1500;
  /** Of one participant; from then on media flows, however busy the machine is. */
  private static final int FLOWING_PACKETS = 30;
  private static final double LEAST_LOSS = 0.05;
  private static final double MOST_LOSS = 0.30;
  private static final long SEEN_STEP_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long NEVER = Long.MAX_VALUE;

  private final Deployment deployment;
  private final ChaosPlan plan;
  private final Random random;
  private final RunResult result;
  private final Map<String, List<Participant>> rooms = new LinkedHashMap<>();
  private long killedAtNanos = NEVER;

  private record Participant(String peer, SyntheticPublisher publisher, DropLog network) {}

  private ChaosRun(Deployment deployment, ChaosPlan plan) {
    this.deployment = deployment;
    this.plan = plan;
    random = new Random(plan.seed());
    result = new RunResult(plan);
  }

  /** Runs the plan; what goes wrong is in the result, not thrown. */
  static RunResult of(Deployment deployment, ChaosPlan plan) {
    ChaosRun run = new ChaosRun(deployment, plan);
    long startNanos = System.nanoTime();
    try {
      run.call();
      run.reckon();
    } catch (IOException | RuntimeException | AssertionError e) {
      run.result.complaints.add("the run broke off: " + e);
    } finally {
      run.participants().forEach(participant -> participant.publisher().close());
      run.result.tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }
    return run.result;
  }

  private void call() throws IOException {
    join("a", "ann");
    join("a", "bob");
    join("b", "cyd");
    participants().forEach(participant -> participant.publisher().play());
    for (Participant participant : participants().toList()) {
      Await.until("media of " + participant.peer(), participant.publisher().sentLog()::packetsSent,
          sent -> sent >= FLOWING_PACKETS);
    }
    long startNanos = System.nanoTime();
    pauseUntil(startNanos, plan.atMillis());
    if (plan.fault() == Fault.MEDIA_SERVER_KILLED) {
      killedAtNanos = deployment.killMediaServer();
      participants().forEach(participant -> participant.publisher().close());
      deployment.lab().startMediaServer();
      result.hadEffect = true;
      return;
    }
    double before = deployment.effect(plan.fault());
    deployment.begin(plan);
    try {
      pauseUntil(startNanos, plan.atMillis() + plan.spanMillis());
    } finally {
      deployment.end(plan);
    }
    pauseUntil(startNanos, Math.max(CALL_MILLIS, plan.atMillis() + plan.spanMillis() + AFTERMATH_MILLIS));
    result.hadEffect = switch (plan.fault()) {
      case STORE_REFUSES, STORE_HANGS, DISK_FULL -> deployment.effect(plan.fault()) > before;
      case NETWORK_LOSES -> participants().allMatch(participant -> participant.network().lostPackets() > 0);
      case CLOCK_STEPS -> false; // the tape tells
      case MEDIA_SERVER_KILLED, CONNECTOR_KILLED, COMPOSER_KILLED, MEDIA_SERVER_FROZEN, CONNECTOR_FROZEN -> true;
    };
    participants().forEach(this::leave);
  }

  private void join(String room, String peer) {
    DropLog network = new DropLog(random.nextLong(),
        plan.fault() == Fault.NETWORK_LOSES ? LEAST_LOSS + plan.strength() * (MOST_LOSS - LEAST_LOSS) : 0);
    OfferedMedia voice =
        OfferedMedia.sending("0", MediaKind.AUDIO, Codec.opus(111), random.nextInt() | 1, 0);
    OfferedMedia picture =
        OfferedMedia.sending("1", MediaKind.VIDEO, Codec.vp8(96, 97), random.nextInt() | 1, random.nextInt() | 1);
    List<PublishedTrack> tracks = List.of(
        PublishedTrack.of(voice, new BurstSource(1, 100, 50, LONGEST_CALL.toNanos())),
        PublishedTrack.of(picture, new BurstSource(4, 900, 100, LONGEST_CALL.toNanos())));
    String name = roomName(room);
    boolean isLossy = plan.fault() == Fault.NETWORK_LOSES;
    SyntheticPublisher publisher = deployment.lab().join(Lab.APP, Grant.of(name, peer, true), tracks, random.nextLong(),
        isLossy ? network : Impairment.NONE);
    rooms.computeIfAbsent(name, none -> new ArrayList<>()).add(new Participant(peer, publisher, network));
  }

  private String roomName(String room) {
    return "chaos-" + plan.run() + "-" + room;
  }

  private Stream<Participant> participants() {
    return rooms.values().stream().flatMap(List::stream);
  }

  private void leave(Participant participant) {
    try {
      participant.publisher().leave(SyntheticPublisher.USUAL_LINGER);
    } catch (IOException e) {
      participant.publisher().close(); // the server had given the session up
    }
  }

  private void reckon() throws IOException {
    for (Map.Entry<String, List<Participant>> room : rooms.entrySet()) {
      JsonNode recording;
      try {
        recording = finalized(room.getKey());
      } catch (AssertionError e) {
        result.unclosedRecordings++;
        result.complaints.add(e.getMessage());
        continue;
      }
      reckon(room.getKey(), room.getValue(), deployment.lab().manifest(recording), deployment.lab().tape(recording));
      if (plan.fault() == Fault.COMPOSER_KILLED) {
        convertAndKill(recording);
      }
    }
  }

  private JsonNode finalized(String room) {
    List<JsonNode> all = Await.until("the verdict of room " + room, VERDICT_DEADLINE,
        () -> deployment.lab().api().recordings(room),
        found -> !found.isEmpty() && found.stream().allMatch(each -> each.get("state").textValue().equals("finalized")));
    if (all.size() > 1) {
      throw new AssertionError("room " + room + " has " + all.size() + " recordings");
    }
    return all.getFirst();
  }

  private void reckon(String room, List<Participant> participants, JsonNode manifest, Tape tape) {
    List<SentPacket> sentByAll = new ArrayList<>();
    long before = result.silentLosses + result.oldLost;
    long inGaps = 0;
    for (Participant participant : participants) {
      List<SentPacket> sent = participant.publisher().sentLog().packets();
      sentByAll.addAll(sent);
      result.packetsSent += sent.size();
      result.packetsInFiles += sent.size() - tape.missing(sent).size();
      inGaps += reckon(room, participant, sent, manifest, tape);
    }
    result.inGaps += inGaps;
    result.hadEffect |= plan.fault() == Fault.CLOCK_STEPS && showsStep(tape, sentByAll);
    checkFiles(room, tape, sentByAll);
    checkVerdict(room, manifest, inGaps, result.silentLosses + result.oldLost > before);
  }

  private long reckon(String room, Participant participant, List<SentPacket> sent, JsonNode manifest, Tape tape) {
    List<JsonNode> sessions = new ArrayList<>();
    manifest.get("sessions").forEach(session -> {
      if (session.get("peer").textValue().equals(participant.peer())) {
        sessions.add(session);
      }
    });
    if (sessions.size() != 1) {
      result.silentLosses += sent.size();
      result.complaints.add(room + "/" + participant.peer() + ": " + sessions.size() + " sessions in the manifest");
      return 0;
    }
    Predicate<SentPacket> wasDropped = participant.network()::hasLost;
    SessionTruth truth = new SessionTruth(manifest, sessions.getFirst(), plan.fault() != Fault.CLOCK_STEPS);
    truth.account(sent, tape.missing(sent), killedAtNanos == NEVER ? 0 : killedAtNanos - RECOVERY_POINT_NANOS, wasDropped);
    result.oldLost += truth.oldLost();
    result.lostByNetwork += truth.lostByNetwork();
    result.silentLosses += truth.silent().size();
    if (truth.oldLost() > 0) {
      result.complaints.add(room + "/" + participant.peer() + ": " + truth.oldLost()
          + " packets older than the recovery point are missing");
    }
    if (!truth.silent().isEmpty()) {
      result.complaints.add(room + "/" + participant.peer() + ": " + truth.silent().size()
          + " packets are missing and nothing names them, the first " + truth.silent().getFirst());
    }
    return truth.inGaps();
  }

  private void checkFiles(String room, Tape tape, List<SentPacket> sent) {
    int wrong = tape.doubles().size() + tape.strangers(sent).size();
    if (wrong > 0) {
      result.duplicates += wrong;
      result.complaints.add(room + ": " + tape.doubles().size() + " packets stand twice, "
          + tape.strangers(sent).size() + " nobody sent");
    }
    tape.states().forEach((file, state) -> {
      if (!state.equals("complete")) {
        result.verdictMismatches++;
        result.complaints.add(file + " is " + state);
      }
    });
  }

  /** The verdict must be what happened: partial where a tape was cut off or lacks what had reached it, else complete. */
  private void checkVerdict(String room, JsonNode manifest, long inGaps, boolean isSilent) {
    boolean wasCut = killedAtNanos != NEVER;
    String truth = wasCut || inGaps > 0 || isSilent ? "partial" : "complete";
    String spoken = manifest.get("verdict").textValue();
    if (!spoken.equals(truth)) {
      result.verdictMismatches++;
      result.complaints.add(room + ": the verdict is " + spoken + ", the truth is " + truth + "; gaps "
          + manifest.get("gaps"));
    }
  }

  /** By the clock of the tape, some packet came long before or after it was sent. */
  private static boolean showsStep(Tape tape, List<SentPacket> sent) {
    long lastSentNanos = sent.stream().mapToLong(SentPacket::sentWallNanos).max().orElse(0);
    long firstSentNanos = sent.stream().mapToLong(SentPacket::sentWallNanos).min().orElse(0);
    return tape.packets().stream().anyMatch(packet -> packet.arrivalWallNanos() > lastSentNanos + SEEN_STEP_NANOS
        || packet.arrivalWallNanos() < firstSentNanos - SEEN_STEP_NANOS);
  }

  private void convertAndKill(JsonNode recording) {
    String job = deployment.lab().jobs(Lab.APP).post("/api/convert/job",
        "{\"record_path\":\"" + Lab.path(recording) + "\",\"transmux\":{}}").json().at("/data/job_id").asText();
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(2000)));
    deployment.killComposer();
    try {
      Await.until("the end of job " + job, VERDICT_DEADLINE,
          () -> deployment.lab().jobs(Lab.APP).json("/api/convert/job/" + job).get("state").textValue(),
          state -> state.equals("completed"));
    } catch (AssertionError e) {
      result.unfinishedJobs++;
      result.complaints.add(e.getMessage());
    }
  }

  private static void pauseUntil(long startNanos, long millis) {
    long endNanos = startNanos + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = endNanos - System.nanoTime(); left > 0; left = endNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
