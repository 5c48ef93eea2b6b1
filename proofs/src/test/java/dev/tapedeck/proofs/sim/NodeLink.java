package dev.tapedeck.proofs.sim;

import dev.tapedeck.media.io.connector.EventOutbox;
import dev.tapedeck.media.io.spool.PresignedPut;
import dev.tapedeck.media.io.spool.SpoolEvents;
import dev.tapedeck.media.io.spool.UploadLink;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.ChunkStored;
import dev.tapedeck.protocol.wire.NodeEvent;
import dev.tapedeck.protocol.wire.NodeHello;
import dev.tapedeck.protocol.wire.NodeRequest;
import dev.tapedeck.protocol.wire.NodeResponse;
import dev.tapedeck.protocol.wire.RecordReq;
import dev.tapedeck.protocol.wire.RecordRes;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingInterrupted;
import dev.tapedeck.protocol.wire.RecordingOpened;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeOpened;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The stream of one media server process: the real outbox, and in place of the socket a hand that carries messages
 * over, cuts, loses acknowledgements and sends again. Requests go behind all events told before them.
 */
final class NodeLink implements SpoolEvents, UploadLink {
  private static final int MAX_BATCH = 24;

  private final NodeHello hello;
  private final ConnectorProcess connector;
  private final SimClock clock;
  private final RandomGenerator random;
  private final Faults faults;
  private final EventOutbox outbox = new EventOutbox(EventOutbox.DEFAULT_CAPACITY);
  private int attachedTo;
  private long sentSeq;
  private long requests;

  /** Whether chance plays. */
  boolean isMoody;

  /** Unix milliseconds until which {@link #loseWay} lasts. */
  long cutOffUntilMillis;

  NodeLink(NodeHello hello, ConnectorProcess connector, SimClock clock, RandomGenerator random, Faults faults) {
    this.hello = hello;
    this.connector = connector;
    this.clock = clock;
    this.random = random;
    this.faults = faults;
  }

  /** Whether everything that was told is stored. */
  boolean isQuiet() {
    return outbox.size() == 0;
  }

  void recordingOpened(RecordingOpened opened) {
    tell(NodeEvent.newBuilder().setRecordingOpened(opened));
  }

  @Override
  public void tapeOpened(TapeOpened event) {
    tell(NodeEvent.newBuilder().setTapeOpened(event));
  }

  @Override
  public void chunkSealed(ChunkSealed event, Runnable whenStored) {
    tell(NodeEvent.newBuilder().setChunkSealed(event), whenStored);
  }

  @Override
  public void tapeClosed(TapeClosed event, Runnable whenStored) {
    tell(NodeEvent.newBuilder().setTapeClosed(event), whenStored);
  }

  @Override
  public void recordingInterrupted(RecordingInterrupted event) {
    tell(NodeEvent.newBuilder().setRecordingInterrupted(event));
  }

  @Override
  public void recordingClosed(RecordingClosed event, Runnable whenStored) {
    tell(NodeEvent.newBuilder().setRecordingClosed(event), whenStored);
  }

  private void tell(NodeEvent.Builder event) {
    outbox.add(event, clock.wallMillis());
  }

  private void tell(NodeEvent.Builder event, Runnable whenStored) {
    outbox.add(event, clock.wallMillis(), whenStored);
  }

  /** Carries over some of what waits, or dials, if there is a way. */
  void step() {
    if (isMoody && random.nextInt(400) == 0) {
      loseWay(random.nextInt(random.nextBoolean() ? 1_000 : 100_000));
    }
    try {
      carry();
    } catch (IOException e) {
      attachedTo = 0;
    }
  }

  /** The node finds no way to the connector for a while. */
  void loseWay(long millis) {
    faults.hit("link: connector out of reach");
    cutOffUntilMillis = clock.wallMillis() + millis;
    cut();
  }

  /** Ends the stream; the connector notices. */
  void cut() {
    if (isAttached()) {
      attachedTo = 0;
      try {
        connector.detached(hello);
      } catch (IOException e) {
        // it died over it and finds out at its next start
      }
    }
  }

  private boolean isAttached() {
    return attachedTo != 0 && attachedTo == connector.incarnation() && connector.isUp();
  }

  private void carry() throws IOException {
    if (clock.wallMillis() < cutOffUntilMillis) {
      throw new IOException("no way to the connector");
    }
    if (!isAttached()) {
      attach();
    }
    List<NodeEvent> events = outbox.after(sentSeq, 1 + random.nextInt(MAX_BATCH));
    if (!events.isEmpty()) {
      send(events);
    }
  }

  private void attach() throws IOException {
    long acked = connector.attached(hello);
    outbox.acked(acked);
    sentSeq = acked;
    attachedTo = connector.incarnation();
  }

  private void send(List<NodeEvent> events) throws IOException {
    if (isMoody && faults.hitIf(random.nextInt(40) == 0, "link: cut before the message")) {
      cut();
      return;
    }
    long acked = connector.store(hello, events);
    sentSeq = acked;
    if (isMoody && faults.hitIf(random.nextInt(40) == 0, "link: acknowledgement lost")) {
      cut();
      return;
    }
    if (isMoody && faults.hitIf(random.nextInt(40) == 0, "link: messages repeated")) {
      connector.store(hello, events);
    }
    outbox.acked(acked);
  }

  @Override
  public Optional<PresignedPut> requestUrl(ChunkSealed chunk) throws IOException {
    RecordRes answer = ask(NodeRequest.newBuilder().setRecord(RecordReq.newBuilder()
        .setApp(chunk.getTape().getApp()).setRoom(chunk.getTape().getRoom())
        .setRecording(chunk.getTape().getRecording()).setPeer(chunk.getTape().getPeer())
        .setSession(chunk.getTape().getSession()).setIndex(chunk.getIndex()).setFromTs(chunk.getFromMs())
        .setToTs(chunk.getToMs()).setBytes(chunk.getBytes()).setSha256(chunk.getSha256()))).getRecord();
    return answer.getS3Uri().isEmpty() ? Optional.empty()
        : Optional.of(new PresignedPut(URI.create(answer.getS3Uri()), answer.getHeadersMap()));
  }

  @Override
  public void confirmStored(ChunkSealed chunk) throws IOException {
    ask(NodeRequest.newBuilder().setChunkStored(ChunkStored.newBuilder().setTape(chunk.getTape())
        .setIndex(chunk.getIndex()).setKey(chunk.getKey()).setBytes(chunk.getBytes()).setSha256(chunk.getSha256())));
  }

  private NodeResponse ask(NodeRequest.Builder request) throws IOException {
    NodeRequest numbered = request.setReqId(++requests).build();
    do {
      carry();
    } while (isAttached() && !outbox.after(sentSeq, 1).isEmpty());
    if (!isAttached()) {
      throw new IOException("no stream to the connector");
    }
    NodeResponse answer = connector.answer(numbered);
    if (isMoody && faults.hitIf(random.nextInt(20) == 0, "link: answer lost")) {
      cut();
      attach();
      answer = connector.answer(numbered); // every request may be asked again
    }
    if (answer.hasError()) {
      throw new IOException(answer.getError().getMessage());
    }
    return answer;
  }
}
