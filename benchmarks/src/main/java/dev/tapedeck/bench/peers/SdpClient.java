package dev.tapedeck.bench.peers;

import java.io.IOException;

/**
 * A client as signalling sees it: either it offers and accepts an answer, or it answers an offer. One of the two, once.
 *
 * <p>It is the DTLS client in both, so that every system does the same half of the handshake.
 */
public interface SdpClient {
  /** @return an offer with all candidates in it and {@code a=setup:active} */
  String offer() throws IOException;

  /** Takes the answer to {@link #offer}. */
  void accept(String answerSdp);

  /** @param offerSdp with all candidates in it
   *  @return the answer that receives all that is offered */
  String answer(String offerSdp) throws IOException;
}
