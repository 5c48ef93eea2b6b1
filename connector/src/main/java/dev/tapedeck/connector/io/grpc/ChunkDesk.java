package dev.tapedeck.connector.io.grpc;

import dev.tapedeck.connector.core.ledger.Promise;
import dev.tapedeck.connector.io.life.Feed;
import dev.tapedeck.connector.io.objects.ObjectStore;
import dev.tapedeck.connector.io.objects.RecordedObjects;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.TapeRows;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.id.Ids;
import dev.tapedeck.protocol.wire.ChunkStored;
import dev.tapedeck.protocol.wire.ChunkVerified;
import dev.tapedeck.protocol.wire.Error;
import dev.tapedeck.protocol.wire.NodeRequest;
import dev.tapedeck.protocol.wire.NodeResponse;
import dev.tapedeck.protocol.wire.RecordReq;
import dev.tapedeck.protocol.wire.RecordRes;
import dev.tapedeck.protocol.wire.TapeId;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Answers what media servers ask about chunks: signs uploads, and looks at what was stored before it says that a chunk may
 * be forgotten. Each request can be asked again. Blocks on database and store; called on virtual threads.
 */
public final class ChunkDesk {
  /** Numbers of the errors, with the meaning they have in HTTP. */
  static final int BAD_REQUEST = 400;
  static final int UNKNOWN = 404;
  /** What lies in the store is not what was promised: upload it again. */
  static final int DIFFERS = 409;
  static final int STORE_TROUBLE = 503;

  private static final int SHA256_BYTES = 32;

  private final Database database;
  private final RecordedObjects objects;
  private final Feed feed;
  private final Duration uploadValidity;
  private final LongSupplier wallMillis;
  private final Runnable onVerified;

  /**
   * @param uploadValidity how long a signed upload may begin, 5 to 15 minutes
   * @param onVerified     called after a chunk was verified
   */
  public ChunkDesk(Database database, RecordedObjects objects, Feed feed, Duration uploadValidity,
      LongSupplier wallMillis, Runnable onVerified) {
    this.database = database;
    this.objects = objects;
    this.feed = feed;
    this.uploadValidity = uploadValidity;
    this.wallMillis = wallMillis;
    this.onVerified = onVerified;
  }

  /** Never throws; trouble becomes an error in the answer. */
  public NodeResponse answer(NodeRequest request) {
    NodeResponse.Builder response = NodeResponse.newBuilder().setReqId(request.getReqId());
    try {
      return switch (request.getRequestCase()) {
        case RECORD -> sign(request.getRecord(), response);
        case CHUNK_STORED -> verify(request.getChunkStored(), response);
        case REQUEST_NOT_SET -> error(response, BAD_REQUEST, "this release does not know the request");
      };
    } catch (IOException | RuntimeException e) {
      return error(response, STORE_TROUBLE, String.valueOf(e.getMessage()));
    }
  }

  private NodeResponse sign(RecordReq asked, NodeResponse.Builder response) {
    if (!Ids.isName(asked.getApp()) || !Ids.isName(asked.getRoom()) || !Ids.isName(asked.getPeer())
        || asked.getSha256().size() != SHA256_BYTES || asked.getBytes() <= 0) {
      return error(response, BAD_REQUEST, "app, room, peer, bytes and a sha256 of 32 bytes are needed");
    }
    boolean isKnown = database.read(handle -> RecordingRows.find(handle, asked.getApp(), asked.getRecording()))
        .filter(recording -> recording.room().equals(asked.getRoom())).isPresent();
    if (!isKnown) {
      return error(response, UNKNOWN, "no recording " + asked.getRecording() + " of this room is known");
    }
    Optional<Promise> kept = findKept(asked);
    if (kept.isPresent()) {
      // Bytes that differ, put under the same key, would take the place of those that were verified.
      return response.setRecord(RecordRes.newBuilder().setKey(kept.get().key())).build();
    }
    String key = new ChunkKey(asked.getApp(), asked.getRoom(), asked.getRecording(), asked.getPeer(),
        asked.getSession(), asked.getIndex(), asked.getFromTs(), asked.getToTs()).toString();
    ObjectStore.Upload upload =
        objects.presignPut(key, asked.getBytes(), asked.getSha256().toByteArray(), uploadValidity);
    return response.setRecord(RecordRes.newBuilder()
        .setS3Uri(upload.url().reveal()).putAllHeaders(upload.headers()).setKey(key)).build();
  }

  /** The chunk of this place that we have seen already, whatever its bytes. */
  private Optional<Promise> findKept(RecordReq asked) {
    TapeId tape = TapeId.newBuilder().setApp(asked.getApp()).setRecording(asked.getRecording())
        .setSession(asked.getSession()).build();
    return database.read(handle -> TapeRows.findPromise(handle, tape, asked.getIndex()))
        .filter(promise -> promise.state() == Promise.State.VERIFIED);
  }

  private NodeResponse verify(ChunkStored stored, NodeResponse.Builder response) throws IOException {
    TapeId tape = stored.getTape();
    Optional<Promise> promise = database.read(handle -> TapeRows.findPromise(handle, tape, stored.getIndex()));
    if (promise.isEmpty()) {
      return error(response, UNKNOWN, "chunk " + stored.getIndex() + " of this tape was never promised");
    }
    if (promise.get().state() != Promise.State.VERIFIED) {
      Optional<String> difference = difference(promise.get());
      if (difference.isPresent()) {
        return error(response, DIFFERS, difference.get());
      }
      if (!note(tape, promise.get())) {
        return error(response, DIFFERS, "chunk " + stored.getIndex() + " was promised anew meanwhile; store that one");
      }
    }
    return response.setChunkVerified(ChunkVerified.getDefaultInstance()).build();
  }

  /** How the object differs from the promise; empty when it is what was promised, byte for byte. */
  private Optional<String> difference(Promise promise) throws IOException {
    Optional<ObjectStore.Seen> seen = objects.head(promise.key());
    if (seen.isEmpty()) {
      return Optional.of("there is no object " + promise.key());
    }
    if (seen.get().bytes() != promise.bytes()) {
      return Optional.of("the object has " + seen.get().bytes() + " bytes, promised were " + promise.bytes());
    }
    String hash = seen.get().sha256().isPresent() ? seen.get().sha256().get() : objects.hash(promise.key());
    return hash.equals(promise.sha256())
        ? Optional.empty()
        : Optional.of("the object's SHA-256 begins with " + hash.substring(0, 8) + ", promised was "
            + HexFormat.of().formatHex(HexFormat.of().parseHex(promise.sha256()), 0, 4));
  }

  /** @return whether the chunk counts as verified now; not when another promise took this one's place */
  private boolean note(TapeId tape, Promise promise) {
    long now = wallMillis.getAsLong();
    boolean isVerified = database.write(handle -> {
      if (TapeRows.verify(handle, tape, promise, now)) {
        RecordingRows.touch(handle, tape.getApp(), tape.getRecording(), now);
        RecordingRows.Recording recording =
            RecordingRows.find(handle, tape.getApp(), tape.getRecording()).orElseThrow();
        feed.chunkStored(handle, recording, TapeRows.peerOf(handle, tape), tape.getSession(), promise, now);
        return true;
      }
      return TapeRows.findPromise(handle, tape, promise.index()).orElseThrow().state() == Promise.State.VERIFIED;
    });
    onVerified.run();
    return isVerified;
  }

  private static NodeResponse error(NodeResponse.Builder response, int code, String message) {
    return response.setError(Error.newBuilder().setCode(code).setMessage(message)).build();
  }
}
