package dev.tapedeck.connector;

import com.google.protobuf.ByteString;
import dev.tapedeck.media.io.connector.ConnectorClient;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.ChunkStored;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.Kind;
import dev.tapedeck.protocol.wire.NodeEvent;
import dev.tapedeck.protocol.wire.PeerEvent;
import dev.tapedeck.protocol.wire.Reception;
import dev.tapedeck.protocol.wire.RecordReq;
import dev.tapedeck.protocol.wire.RecordRes;
import dev.tapedeck.protocol.wire.RecordingClosed;
import dev.tapedeck.protocol.wire.RecordingInterrupted;
import dev.tapedeck.protocol.wire.RecordingPaused;
import dev.tapedeck.protocol.wire.RecordingOpened;
import dev.tapedeck.protocol.wire.RoomOpened;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeId;
import dev.tapedeck.protocol.wire.TapeOpened;
import dev.tapedeck.protocol.wire.TapeTrack;
import dev.tapedeck.protocol.wire.TrackChanged;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Tells a connector what a media server would tell of one peer in one room. Times are those of the rig's clock. */
public final class NodeScript {
  public static final long PACKETS_PER_CHUNK = 10;

  private final ConnectorClient client;
  private final Rig rig;
  private final String app;
  private final String room;
  private final long recording;
  private final String ending;

  public NodeScript(ConnectorClient client, Rig rig, String app, String room, long recording) {
    this(client, rig, app, room, recording, "");
  }

  /** @param ending last bytes of every chunk */
  public NodeScript(ConnectorClient client, Rig rig, String app, String room, long recording, String ending) {
    this.client = client;
    this.rig = rig;
    this.app = app;
    this.room = room;
    this.recording = recording;
    this.ending = ending;
  }

  public void openRoom(long instance) {
    tell(NodeEvent.newBuilder().setRoomOpened(
        RoomOpened.newBuilder().setApp(app).setRoom(room).setInstance(instance)));
  }

  public void join(String peer, long session) {
    tell(NodeEvent.newBuilder().setPeer(PeerEvent.newBuilder().setApp(app).setSessionId(session)
        .setJoin(PeerEvent.Join.newBuilder().setRoom(room).setPeer(peer))));
  }

  /** Somebody comes whose token says that nothing of him is to be taped. */
  public void joinUntaped(String peer, long session) {
    tell(NodeEvent.newBuilder().setUntaped(true).setPeer(PeerEvent.newBuilder().setApp(app).setSessionId(session)
        .setJoin(PeerEvent.Join.newBuilder().setRoom(room).setPeer(peer))));
  }

  public void leave(String peer, long session) {
    tell(NodeEvent.newBuilder().setPeer(PeerEvent.newBuilder().setApp(app).setSessionId(session)
        .setLeave(PeerEvent.Leave.newBuilder().setRoom(room).setPeer(peer))));
  }

  public void track(String peer, long session, String name, boolean live) {
    tell(NodeEvent.newBuilder().setTrackChanged(TrackChanged.newBuilder().setApp(app).setRoom(room).setPeer(peer)
        .setSession(session).setTrack(name).setKind(Kind.VIDEO).setCodec("VP8").setLive(live)));
  }

  public void openRecording(long instance) {
    tell(NodeEvent.newBuilder().setRecordingOpened(RecordingOpened.newBuilder().setApp(app).setRoom(room)
        .setInstance(instance).setRecording(recording)));
  }

  public void openTape(String peer, long session) {
    tell(NodeEvent.newBuilder().setTapeOpened(TapeOpened.newBuilder().setTape(tape(peer, session))));
  }

  /** @param gaps what the chunk says is missing */
  public byte[] seal(String peer, long session, int index, Gap... gaps) throws Exception {
    byte[] body = body(peer, session, index);
    tell(NodeEvent.newBuilder().setChunkSealed(ChunkSealed.newBuilder().setTape(tape(peer, session)).setIndex(index)
        .setFromMs(fromMs(index)).setToMs(fromMs(index) + 1000).setBytes(body.length).setSha256(sha256(body))
        .setPackets(PACKETS_PER_CHUNK).setKey(key(peer, session, index)).addAllGaps(List.of(gaps))
        .addTracks(track((index + 1) * PACKETS_PER_CHUNK))));
    return body;
  }

  /** Asks for a URL, stores the chunk there, and waits until the connector has seen it. */
  public void store(String peer, long session, int index) throws Exception {
    byte[] body = body(peer, session, index);
    RecordRes upload = requestUpload(peer, session, index);
    int status = put(upload, body);
    if (status != 200) {
      throw new AssertionError("upload refused: " + status);
    }
    client.chunkStored(stored(peer, session, index)).get(20, TimeUnit.SECONDS);
  }

  public RecordRes requestUpload(String peer, long session, int index) throws Exception {
    byte[] body = body(peer, session, index);
    return client.requestUpload(RecordReq.newBuilder().setApp(app).setRoom(room).setPeer(peer).setSession(session)
        .setIndex(index).setFromTs(fromMs(index)).setToTs(fromMs(index) + 1000).setRecording(recording)
        .setBytes(body.length).setSha256(sha256(body)).build()).get(20, TimeUnit.SECONDS);
  }

  public ChunkStored stored(String peer, long session, int index) throws Exception {
    byte[] body = body(peer, session, index);
    return ChunkStored.newBuilder().setTape(tape(peer, session)).setIndex(index).setKey(key(peer, session, index))
        .setBytes(body.length).setSha256(sha256(body)).build();
  }

  public void closeTape(String peer, long session, int chunks, Gap... gaps) {
    TapeClosed.Builder closed = TapeClosed.newBuilder().setTape(tape(peer, session)).setChunks(chunks)
        .setPackets(chunks * PACKETS_PER_CHUNK).setStartedMs(fromMs(0)).setEndedMs(fromMs(chunks))
        .addTracks(track(998));
    for (Gap gap : gaps) {
      closed.addGaps(gap);
    }
    tell(NodeEvent.newBuilder().setTapeClosed(closed));
  }

  private static TapeTrack track(long received) {
    return TapeTrack.newBuilder().setNumber(1).setName("cam").setKind(Kind.VIDEO).setCodec("VP8").setClockRate(90_000)
        .setSsrc(0xF000_0001)
        .setReception(Reception.newBuilder().setExpected(received + 2).setReceived(received).setLost(2)).build();
  }

  public void closeRecording(String reason, Gap... interruptions) {
    tell(NodeEvent.newBuilder().setRecordingClosed(RecordingClosed.newBuilder().setApp(app).setRoom(room)
        .setRecording(recording).setReason(reason).addAllInterruptions(List.of(interruptions))));
  }

  public void pauseRecording() {
    tell(NodeEvent.newBuilder().setRecordingPaused(RecordingPaused.newBuilder().setApp(app).setRoom(room)
        .setRecording(recording).setPaused(true)));
  }

  /** The process before this one died and left the recording open. */
  public void interrupted(Gap... interruptions) {
    tell(NodeEvent.newBuilder().setRecordingInterrupted(RecordingInterrupted.newBuilder().setApp(app).setRoom(room)
        .setRecording(recording).addAllInterruptions(List.of(interruptions))));
  }

  public static int put(RecordRes upload, byte[] body) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(upload.getS3Uri()))
        .PUT(HttpRequest.BodyPublishers.ofByteArray(body));
    upload.getHeadersMap().forEach((name, value) -> {
      // The JDK's client sets this one itself, to the same value.
      if (!name.equals("content-length")) {
        request.header(name, value);
      }
    });
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
  }

  private void tell(NodeEvent.Builder event) {
    client.tell(event, rig.clock.get());
  }

  private TapeId tape(String peer, long session) {
    return TapeId.newBuilder().setApp(app).setRoom(room).setRecording(recording).setPeer(peer).setSession(session)
        .build();
  }

  private String key(String peer, long session, int index) {
    return new ChunkKey(app, room, recording, peer, session, index, fromMs(index), fromMs(index) + 1000).toString();
  }

  private static long fromMs(int index) {
    return 1_800_000_000_000L + index * 1000L;
  }

  private byte[] body(String peer, long session, int index) {
    return (peer + "/" + session + "/" + index + " ".repeat(100) + ending).getBytes(StandardCharsets.UTF_8);
  }

  private static ByteString sha256(byte[] body) throws Exception {
    return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(body));
  }
}
