package dev.tapedeck.media.io.spool;

import dev.tapedeck.protocol.wire.ChunkSealed;
import java.io.IOException;
import java.util.Optional;

/** The connector's part of an upload. Called by virtual threads; both calls block until answered. */
public interface UploadLink {
  /**
   * Asks for leave to store a chunk; for every attempt anew, since leave expires.
   *
   * @return empty if the connector has seen an object of this index before, so that nothing is to be put
   * @throws IOException if the connector is away or refuses; asked again later
   */
  Optional<PresignedPut> requestUrl(ChunkSealed chunk) throws IOException, InterruptedException;

  /**
   * Returns when the connector itself has seen the object with this length and checksum.
   *
   * @throws IOException if it has not, or is away; the chunk is then stored again
   */
  void confirmStored(ChunkSealed chunk) throws IOException, InterruptedException;
}
