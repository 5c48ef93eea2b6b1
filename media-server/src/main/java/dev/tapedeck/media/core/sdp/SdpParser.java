package dev.tapedeck.media.core.sdp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads session descriptions (RFC 8866) as WebRTC uses them (RFC 9429). Strict where a wrong value would be used,
 * tolerant of everything else: unknown attributes are kept, other lines skipped, line ends may be CRLF or LF.
 */
public final class SdpParser {
  /** Longest description in characters: about a dozen pairs of audio and video with every codec of Chromium. */
  public static final int MAX_CHARS = 65_536;

  /** Most lines of a description. */
  public static final int MAX_LINES = 4_000;

  /** Most m-lines of a description. */
  public static final int MAX_MEDIA = 100;

  private final MediaBuilder session = new MediaBuilder();
  private final List<MediaBuilder> media = new ArrayList<>();
  private final List<Attribute> others = new ArrayList<>();
  private final Set<String> mids = new HashSet<>();
  private Optional<Origin> origin = Optional.empty();
  private String name = "-";
  private List<String> bundle = List.of();
  private boolean iceLite;

  private SdpParser() {}

  /**
   * @return the description; attributes of the session that hold for every m-line are filled in there
   * @throws SdpException naming line, text and problem
   */
  public static SessionDescription parse(String text) {
    SdpParser parser = new SdpParser();
    List<SdpLine> lines = SdpLines.split(text);
    if (lines.isEmpty() || !lines.getFirst().text().equals("v=0")) {
      throw new SdpException("a description begins with the line v=0");
    }
    for (SdpLine line : lines) {
      try {
        parser.read(line);
      } catch (SdpException problem) {
        throw line.explain(problem);
      }
    }
    return parser.build();
  }

  private void read(SdpLine line) {
    switch (line.type()) {
      case 'm' -> openMedia(line.value());
      case 'a' -> readAttribute(line.attribute());
      case 'c' -> current().connection = Optional.of(line.value());
      case 'o' -> origin = Optional.of(Origin.parse(line.value()));
      case 's' -> name = line.value();
      default -> { } // timing, bandwidth, title and the like change nothing here
    }
  }

  private void openMedia(String value) {
    if (media.size() == MAX_MEDIA) {
      throw new SdpException("more than " + MAX_MEDIA + " m-lines");
    }
    media.add(MediaBuilder.open(value));
  }

  private MediaBuilder current() {
    return media.isEmpty() ? session : media.getLast();
  }

  private void readAttribute(Attribute attribute) {
    if (media.isEmpty()) {
      readSessionAttribute(attribute);
    } else {
      if (attribute.name().equals("mid") && !mids.add(attribute.value())) {
        throw new SdpException("mid " + Fields.shown(attribute.value()) + " stands twice");
      }
      current().add(attribute);
    }
  }

  private void readSessionAttribute(Attribute attribute) {
    switch (attribute.name()) {
      case "ice-lite" -> iceLite = true;
      case "group" -> readGroup(attribute);
      case "sendrecv", "sendonly", "recvonly", "inactive", "ice-ufrag", "ice-pwd", "ice-options", "fingerprint",
          "setup", "extmap", "extmap-allow-mixed" -> session.add(attribute);
      default -> others.add(attribute);
    }
  }

  private void readGroup(Attribute group) {
    String[] words = group.value().split("[ \t]+");
    if (!words[0].equals("BUNDLE")) {
      others.add(group);
      return;
    }
    if (!bundle.isEmpty()) {
      throw new SdpException("only one BUNDLE group is understood");
    }
    bundle = List.of(words).subList(1, words.length);
    if (new HashSet<>(bundle).size() < bundle.size()) {
      throw new SdpException("a mid stands twice in the BUNDLE group");
    }
  }

  private SessionDescription build() {
    if (origin.isEmpty()) {
      throw new SdpException("the o= line is missing");
    }
    for (String mid : bundle) {
      if (!mids.contains(mid)) {
        throw new SdpException("the BUNDLE group names mid " + Fields.shown(mid) + ", which no m-line has");
      }
    }
    media.forEach(line -> line.inherit(session));
    return new SessionDescription(
        origin.get(), name, bundle, iceLite, others, media.stream().map(MediaBuilder::build).toList());
  }
}
