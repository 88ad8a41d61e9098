// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.MalformedAnswerException;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import java.io.IOException;
import java.time.Instant;

/** A Node of which only the version and the times of the reports are new: a heartbeat. */
final class NodeSighting implements Sighting<NodeView> {
  private final TolerantReader in;
  private String name = "";
  private String resourceVersion = "";
  private Instant statusReportedAt = Instant.EPOCH;
  private Instant conditionWrittenAt = Instant.EPOCH;

  NodeSighting(TolerantReader in) {
    this.in = in;
  }

  void root(String field) throws IOException {
    switch (field) {
      case "metadata" -> in.object(this::metadata);
      case "status" -> in.object(this::status);
      default -> in.skip();
    }
  }

  private void metadata(String field) throws IOException {
    switch (field) {
      case "name" -> name = in.string();
      case "resourceVersion" -> resourceVersion = in.string();
      default -> in.skip();
    }
  }

  private void status(String field) throws IOException {
    if (field.equals("conditions")) {
      in.array(this::condition);
    } else {
      in.skip();
    }
  }

  private void condition() throws IOException {
    Condition condition = new Condition();
    in.object(condition::field);
    if (condition.type.equals(NodeCodec.READY)) {
      statusReportedAt = condition.lastHeartbeatTime;
    } else if (condition.type.equals(Keys.WARMED_UP_CONDITION)) {
      conditionWrittenAt = condition.lastHeartbeatTime;
    }
  }

  private final class Condition {
    private String type = "";
    private Instant lastHeartbeatTime = Instant.EPOCH;

    void field(String field) throws IOException {
      switch (field) {
        case "type" -> type = in.string();
        case "lastHeartbeatTime" -> lastHeartbeatTime = in.instant();
        default -> in.skip();
      }
    }
  }

  void check() throws MalformedAnswerException {
    if (resourceVersion.isEmpty()) {
      throw new MalformedAnswerException("an object without metadata.resourceVersion");
    }
  }

  @Override
  public String key() {
    return name;
  }

  @Override
  public SlimObject<NodeView> of(SlimObject<NodeView> known) {
    return known.in(
        resourceVersion, known.view().seen(resourceVersion, statusReportedAt, conditionWrittenAt));
  }
}
