// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

import io.nodeqos.node.value.LabelSelector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a node is warmed up.
 *
 * @param taintKey key of the startup taint that is removed when the node is warm
 * @param taintNewNodes put the taint on nodes that were created after the policy
 * @param mode whether gates still count once the node is warm
 * @param stableFor how long all gates must have been open, zero for no wait; in {@link
 *     Mode#CONTINUOUS} also how long one must have been closed before a warm node loses its mark
 * @param gates all must be open
 */
public record WarmUp(
    String taintKey, boolean taintNewNodes, Mode mode, Duration stableFor, List<GateSpec> gates) {

  /** For how long the gates count. */
  public enum Mode {
    /**
     * Until the node is warm; then only a reboot or a new node of its name starts a warm-up again.
     */
    BOOTSTRAP,
    /** Always: a warm node on which a gate closes again loses its mark and is tainted. */
    CONTINUOUS
  }

  /** The action when a gate has not opened within its timeout. */
  public enum OnTimeout {
    /** Keep waiting, and report that it takes too long. */
    HOLD,
    /** Count the gate as open. */
    RELEASE
  }

  /**
   * The timeout of a gate.
   *
   * @param timeout from the start of the node's warm-up; empty waits for ever
   */
  public record Timing(Optional<Duration> timeout, OnTimeout onTimeout) {}

  /** One gate of the policy. */
  public sealed interface GateSpec {
    Timing timing();

    GateKind kind();

    /** The code word of its kind, and its object, if it has one. */
    default String title() {
      return kind().code();
    }

    <T> T accept(GateVisitor<T> visitor);
  }

  /**
   * One method for each gate, so that the code does not compile until all places handle a new gate.
   */
  public interface GateVisitor<T> {
    T visit(NodeReady gate);

    T visit(Condition gate);

    T visit(ReservedPods gate);

    T visit(Resource gate);

    T visit(CsiDriver gate);

    T visit(ImagesPresent gate);

    T visit(ConfigApplied gate);
  }

  /** The condition Ready of the node is True. */
  public record NodeReady(Timing timing) implements GateSpec {
    @Override
    public GateKind kind() {
      return GateKind.NODE_READY;
    }

    @Override
    public <T> T accept(GateVisitor<T> visitor) {
      return visitor.visit(this);
    }
  }

  /** A condition of the node has a status. */
  public record Condition(String type, String status, Timing timing) implements GateSpec {
    @Override
    public GateKind kind() {
      return GateKind.CONDITION;
    }

    @Override
    public String title() {
      return kind().code() + " " + type;
    }

    @Override
    public <T> T accept(GateVisitor<T> visitor) {
      return visitor.visit(this);
    }
  }

  /** Every pod of a reserved namespace that is expected on the node is there and Ready. */
  public record ReservedPods(String namespace, LabelSelector selector, Timing timing)
      implements GateSpec {
    @Override
    public GateKind kind() {
      return GateKind.RESERVED_PODS;
    }

    @Override
    public String title() {
      return kind().code() + " of " + namespace;
    }

    @Override
    public <T> T accept(GateVisitor<T> visitor) {
      return visitor.visit(this);
    }
  }

  /** The node's allocatable has some of a resource. */
  public record Resource(String name, Timing timing) implements GateSpec {
    @Override
    public GateKind kind() {
      return GateKind.RESOURCE;
    }

    @Override
    public String title() {
      return kind().code() + " " + name;
    }

    @Override
    public <T> T accept(GateVisitor<T> visitor) {
      return visitor.visit(this);
    }
  }

  /** A CSI driver is registered on the node. */
  public record CsiDriver(String name, Timing timing) implements GateSpec {
    @Override
    public GateKind kind() {
      return GateKind.CSI_DRIVER;
    }

    @Override
    public String title() {
      return kind().code() + " " + name;
    }

    @Override
    public <T> T accept(GateVisitor<T> visitor) {
      return visitor.visit(this);
    }
  }

  /** The images of the policy's images section are on the node. */
  public record ImagesPresent(Timing timing) implements GateSpec {
    @Override
    public GateKind kind() {
      return GateKind.IMAGES;
    }

    @Override
    public <T> T accept(GateVisitor<T> visitor) {
      return visitor.visit(this);
    }
  }

  /** A node agent has acknowledged the configuration in force. */
  public record ConfigApplied(Timing timing) implements GateSpec {
    @Override
    public GateKind kind() {
      return GateKind.CONFIG_APPLIED;
    }

    @Override
    public <T> T accept(GateVisitor<T> visitor) {
      return visitor.visit(this);
    }
  }
}
