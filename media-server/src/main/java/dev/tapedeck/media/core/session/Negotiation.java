package dev.tapedeck.media.core.session;

import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.media.core.sdp.AnswerParams;
import dev.tapedeck.media.core.sdp.Negotiated;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.media.core.sdp.OfferAnswer;
import dev.tapedeck.media.core.sdp.SdpException;
import dev.tapedeck.media.core.sdp.SdpParser;
import java.util.List;

/** Offers and answers of one session, one after the other. Owned by whoever owns the session. */
public final class Negotiation {
  private AnswerParams params;
  private Negotiated agreed;

  /** @throws dev.tapedeck.media.core.sdp.SdpException if the first offer cannot be answered */
  public Negotiation(AnswerParams params, String offer) {
    this.params = params;
    agreed = OfferAnswer.negotiate(SdpParser.parse(offer), params);
  }

  /** As {@link #answer}, with new ICE credentials of ours. */
  public Negotiated restart(IceCredentials local, String offer) {
    AnswerParams before = params;
    params = params.withIce(local);
    try {
      return answer(offer);
    } catch (SdpException e) {
      params = before;
      throw e;
    }
  }

  /** What was agreed on last. */
  public Negotiated agreed() {
    return agreed;
  }

  /** The m-lines as they are now. */
  public List<NegotiatedMedia> media() {
    return agreed.media();
  }

  /**
   * Answers the next offer; after an exception the last agreement holds.
   *
   * @throws dev.tapedeck.media.core.sdp.SdpException if it cannot be answered
   */
  public Negotiated answer(String offer) {
    AnswerParams next = params.nextVersion();
    agreed = OfferAnswer.renegotiate(SdpParser.parse(offer), next, agreed);
    params = next;
    return agreed;
  }
}
