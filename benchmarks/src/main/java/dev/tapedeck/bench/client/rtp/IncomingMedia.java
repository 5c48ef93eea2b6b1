package dev.tapedeck.bench.client.rtp;

import java.util.Map;

/**
 * What was negotiated for one m-line that receives.
 *
 * @param clockRates          payload type to clock rate, media only
 * @param retransmissionTypes RTX payload type to the payload type it repairs
 * @param midExtensionId      -1 if not negotiated
 * @param transportCcId       -1 if not negotiated
 * @param mayAskAgain         true if NACK and RTX were negotiated
 */
public record IncomingMedia(String mid, Map<Integer, Integer> clockRates, Map<Integer, Integer> retransmissionTypes,
    int midExtensionId, int transportCcId, boolean mayAskAgain) {
  public IncomingMedia {
    clockRates = Map.copyOf(clockRates);
    retransmissionTypes = Map.copyOf(retransmissionTypes);
  }

  boolean carries(int payloadType) {
    return clockRates.containsKey(payloadType) || retransmissionTypes.containsKey(payloadType);
  }
}
