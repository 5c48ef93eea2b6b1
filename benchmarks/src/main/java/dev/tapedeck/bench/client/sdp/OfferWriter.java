package dev.tapedeck.bench.client.sdp;

import dev.tapedeck.bench.client.ice.IceCandidate;
import dev.tapedeck.bench.client.ice.IceParameters;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes a bundled WebRTC offer or answer (RFC 8866, RFC 9429 §5.2 and §5.3), in the shape of a browser's. */
public final class OfferWriter {
  private final StringBuilder sdp = new StringBuilder();
  private final IceParameters ice;
  private final String fingerprint;
  private final String cname;
  private final DtlsSetup setup;

  private OfferWriter(IceParameters ice, String fingerprint, String cname, DtlsSetup setup) {
    this.ice = ice;
    this.fingerprint = fingerprint;
    this.cname = cname;
    this.setup = setup;
  }

  /**
   * @param fingerprint SHA-256 of our certificate, upper-case hex with colons
   * @param cname       canonical name of the sending end point (RFC 7022)
   * @param sessionId   id of the o-line, 0..2^63-1
   */
  public static String write(
      List<OfferedMedia> media, IceParameters ice, String fingerprint, String cname, long sessionId) {
    return write(media, ice, fingerprint, cname, sessionId, DtlsSetup.ACTPASS);
  }

  /** @param setup {@link DtlsSetup#ACTIVE} in an answer, or in an offer to a server that would take that role itself */
  public static String write(List<OfferedMedia> media, IceParameters ice, String fingerprint, String cname,
      long sessionId, DtlsSetup setup) {
    OfferWriter writer = new OfferWriter(ice, fingerprint, cname, setup);
    writer.session(media, sessionId);
    media.forEach(writer::media);
    return writer.sdp.toString();
  }

  private void session(List<OfferedMedia> media, long sessionId) {
    line("v=0");
    line("o=- " + sessionId + " 2 IN IP4 127.0.0.1");
    line("s=-");
    line("t=0 0");
    if (media.stream().noneMatch(section -> section.mid().isEmpty())) {
      line("a=group:BUNDLE " + media.stream().map(OfferedMedia::mid).collect(Collectors.joining(" ")));
    }
    line("a=extmap-allow-mixed");
    line("a=msid-semantic: WMS *");
  }

  private void media(OfferedMedia media) {
    line("m=" + media.kind().sdpName() + " 9 UDP/TLS/RTP/SAVPF " + payloadTypes(media));
    line("c=IN IP4 0.0.0.0");
    line("a=rtcp:9 IN IP4 0.0.0.0");
    for (IceCandidate candidate : ice.candidates()) {
      line("a=" + candidate.toSdp());
    }
    line("a=ice-ufrag:" + ice.ufrag());
    line("a=ice-pwd:" + ice.password());
    line("a=ice-options:trickle");
    line("a=fingerprint:sha-256 " + fingerprint);
    line("a=setup:" + setup.sdpName());
    if (!media.mid().isEmpty()) {
      line("a=mid:" + media.mid());
    }
    media.extensionIds().entrySet().stream().sorted(Map.Entry.comparingByValue())
        .forEach(extension -> line("a=extmap:" + extension.getValue() + " " + extension.getKey().uri()));
    line(media.sends() ? "a=sendonly" : "a=recvonly");
    if (media.sends()) {
      line("a=msid:" + cname + " " + cname + "-" + media.mid());
    }
    line("a=rtcp-mux");
    line("a=rtcp-rsize");
    media.codecs().forEach(codec -> codec(media.kind(), codec));
    simulcast(media.rids());
    ssrcs(media);
  }

  private static String payloadTypes(OfferedMedia media) {
    return media.codecs().stream()
        .map(codec -> codec.hasRtx() ? codec.payloadType() + " " + codec.rtxPayloadType() : "" + codec.payloadType())
        .collect(Collectors.joining(" "));
  }

  private void codec(MediaKind kind, Codec codec) {
    int payloadType = codec.payloadType();
    String channels = codec.channels() > 1 ? "/" + codec.channels() : "";
    line("a=rtpmap:" + payloadType + " " + codec.name() + "/" + codec.clockRate() + channels);
    line("a=rtcp-fb:" + payloadType + " transport-cc");
    if (kind == MediaKind.VIDEO) {
      line("a=rtcp-fb:" + payloadType + " goog-remb");
      line("a=rtcp-fb:" + payloadType + " ccm fir");
      line("a=rtcp-fb:" + payloadType + " nack");
      line("a=rtcp-fb:" + payloadType + " nack pli");
    }
    if (!codec.fmtp().isEmpty()) {
      line("a=fmtp:" + payloadType + " " + codec.fmtp());
    }
    if (codec.hasRtx()) {
      line("a=rtpmap:" + codec.rtxPayloadType() + " rtx/" + codec.clockRate());
      line("a=fmtp:" + codec.rtxPayloadType() + " apt=" + payloadType);
    }
  }

  private void simulcast(List<String> rids) {
    if (rids.isEmpty()) {
      return;
    }
    rids.forEach(rid -> line("a=rid:" + rid + " send"));
    line("a=simulcast:send " + String.join(";", rids));
  }

  private void ssrcs(OfferedMedia media) {
    if (media.ssrc() == 0) {
      return;
    }
    String ssrc = Integer.toUnsignedString(media.ssrc());
    if (media.rtxSsrc() != 0) {
      String rtxSsrc = Integer.toUnsignedString(media.rtxSsrc());
      line("a=ssrc-group:FID " + ssrc + " " + rtxSsrc);
      line("a=ssrc:" + ssrc + " cname:" + cname);
      line("a=ssrc:" + rtxSsrc + " cname:" + cname);
      return;
    }
    line("a=ssrc:" + ssrc + " cname:" + cname);
  }

  private void line(String text) {
    sdp.append(text).append("\r\n");
  }
}
