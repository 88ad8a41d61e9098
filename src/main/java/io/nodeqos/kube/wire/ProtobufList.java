// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import java.io.IOException;

/** Reads a list in protobuf while it arrives: never more than one item is in memory. */
public final class ProtobufList {
  private static final int METADATA = 1;
  private static final int ITEMS = 2;

  private final ProtobufSource in;
  private final ProtobufMessage itemMessage;
  private final RecentTexts texts;
  private final Content content;

  /** Receives the content of a list. */
  public interface Content {
    void metadata(TolerantReader in) throws IOException;

    void item(TolerantReader in) throws IOException;
  }

  public ProtobufList(
      ProtobufSource in, ProtobufMessage itemMessage, RecentTexts texts, Content content) {
    this.in = in;
    this.itemMessage = itemMessage;
    this.texts = texts;
    this.content = content;
  }

  /**
   * Reads it to its end. The kind comes before the content, as servers write it.
   *
   * @throws IOException when it is no list or ends early; some of it may have been handed on
   */
  public void read() throws IOException {
    if (in.fixed32() != ProtobufEnvelope.MAGIC) {
      throw new MalformedAnswerException("an object in protobuf without the bytes \"k8s\"");
    }
    String kind = "";
    boolean complete = false;
    while (!in.exhausted()) {
      long tag = in.varint();
      if (tag == tag(ProtobufEnvelope.TYPE_META)) {
        kind = kind();
      } else if (tag == tag(ProtobufEnvelope.RAW)) {
        if (!kind.endsWith("List")) {
          throw new MalformedAnswerException("expected a list but found a \"" + kind + "\"");
        }
        in.limit(in.length());
        content();
        in.unlimited();
        complete = true;
      } else {
        in.skip((int) tag & 7);
      }
    }
    if (!complete) {
      throw new MalformedAnswerException("a list in protobuf without content");
    }
  }

  private String kind() throws IOException {
    int length = (int) Math.min(in.length(), Integer.MAX_VALUE);
    ProtobufWire wire = new ProtobufWire(in.message(length));
    wire.goTo(0, length);
    return ProtobufEnvelope.kind(wire);
  }

  private void content() throws IOException {
    while (in.left() > 0) {
      long tag = in.varint();
      if (tag == tag(METADATA)) {
        content.metadata(reader(KubernetesMessages.LIST_META));
      } else if (tag == tag(ITEMS)) {
        content.item(reader(itemMessage));
      } else {
        in.skip((int) tag & 7);
      }
    }
  }

  private TolerantReader reader(ProtobufMessage message) throws IOException {
    long length = in.length();
    return new ProtobufTolerantReader(in.message(length), 0, (int) length, message, texts);
  }

  private static long tag(int field) {
    return (long) field << 3 | ProtobufWire.LENGTH;
  }
}
