package dev.tapedeck.media.io.connector;

import dev.tapedeck.media.io.spool.PresignedPut;
import dev.tapedeck.media.io.spool.UploadLink;
import dev.tapedeck.protocol.wire.ChunkSealed;
import dev.tapedeck.protocol.wire.ChunkStored;
import dev.tapedeck.protocol.wire.RecordReq;
import dev.tapedeck.protocol.wire.RecordRes;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The connector's part of an upload, over its stream. Waits as long as there is no stream; nothing is lost by waiting. */
public final class ConnectorUploadLink implements UploadLink {
  private final ConnectorClient connector;

  public ConnectorUploadLink(ConnectorClient connector) {
    this.connector = connector;
  }

  @Override
  public Optional<PresignedPut> requestUrl(ChunkSealed chunk) throws IOException, InterruptedException {
    RecordRes answer = await(connector.requestUpload(RecordReq.newBuilder()
        .setApp(chunk.getTape().getApp())
        .setRoom(chunk.getTape().getRoom())
        .setRecording(chunk.getTape().getRecording())
        .setPeer(chunk.getTape().getPeer())
        .setSession(chunk.getTape().getSession())
        .setIndex(chunk.getIndex())
        .setFromTs(chunk.getFromMs())
        .setToTs(chunk.getToMs())
        .setBytes(chunk.getBytes())
        .setSha256(chunk.getSha256())
        .build()));
    return answer.getS3Uri().isEmpty() ? Optional.empty()
        : Optional.of(new PresignedPut(URI.create(answer.getS3Uri()), answer.getHeadersMap()));
  }

  @Override
  public void confirmStored(ChunkSealed chunk) throws IOException, InterruptedException {
    await(connector.chunkStored(ChunkStored.newBuilder()
        .setTape(chunk.getTape())
        .setIndex(chunk.getIndex())
        .setKey(chunk.getKey())
        .setBytes(chunk.getBytes())
        .setSha256(chunk.getSha256())
        .build()));
  }

  private static <T> T await(CompletableFuture<T> answer) throws IOException, InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (CancellationException e) {
      throw new IOException("the link to the connector was closed", e);
    }
  }
}
