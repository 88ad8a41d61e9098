// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.Interning;
import io.nodeqos.kube.wire.TolerantReader;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * The container statuses of a pod, of all kinds (init containers, sidecars and ephemeral ones too),
 * while they are being read.
 *
 * <p>A container that has started had its image. A waiting container proves nothing: until its
 * image is present the kubelet fills in the name of the wanted image, or of the container that it
 * replaces.
 */
final class ContainersDraft {
  private final TolerantReader in;
  private final Interning interning;
  private final RequestsDraft requests;
  private final Set<String> images = new HashSet<>();
  private Instant firstStart = State.NONE;

  ContainersDraft(TolerantReader in, Interning interning, RequestsDraft requests) {
    this.in = in;
    this.interning = interning;
    this.requests = requests;
  }

  /** Reads one element of a list of container statuses. */
  void read() throws IOException {
    Draft draft = new Draft();
    in.object(draft::field);
    requests.reported(draft.name, draft.reported);
    if (draft.state.running || draft.state.ended) {
      add(draft.image);
      add(draft.imageId);
    }
    firstStart = draft.state.firstStart(firstStart);
  }

  private void add(String image) {
    if (!image.isEmpty()) {
      images.add(interning.string(image));
    }
  }

  /** Names and digests of the images of those that have started. */
  Set<String> images() {
    return images;
  }

  /** When the first of those that run started; {@link Instant#EPOCH} when none runs. */
  Instant startedAt() {
    return State.orEpoch(firstStart);
  }

  private final class Draft {
    private final RequestsDraft.Reported reported = requests.newReported();
    private final State state = new State(in);
    private String name = "";
    private String image = "";
    private String imageId = "";

    void field(String field) throws IOException {
      switch (field) {
        case "name" -> name = in.string();
        case "image" -> image = in.string();
        case "imageID" -> imageId = in.string();
        case "state" -> in.object(state::field);
        default -> {
          if (!reported.field(field)) {
            in.skip();
          }
        }
      }
    }
  }

  /** A container's state, while it is being read. */
  static final class State {
    /** No container runs. */
    static final Instant NONE = Instant.MAX;

    private final TolerantReader in;
    boolean running;

    /**
     * It ran and has ended; false for a container that the kubelet reports as terminated because it
     * has no record of it.
     */
    boolean ended;

    private Instant startedAt = Instant.EPOCH;

    State(TolerantReader in) {
      this.in = in;
    }

    void field(String field) throws IOException {
      switch (field) {
        case "running" -> running = in.object(this::start);
        case "terminated" -> {
          in.object(this::start);
          ended = !startedAt.equals(Instant.EPOCH);
        }
        default -> in.skip();
      }
    }

    /** When the first of the containers that run started, with this one. */
    Instant firstStart(Instant before) {
      return running && startedAt.isBefore(before) ? startedAt : before;
    }

    static Instant orEpoch(Instant firstStart) {
      return firstStart.equals(NONE) ? Instant.EPOCH : firstStart;
    }

    private void start(String field) throws IOException {
      if (field.equals("startedAt")) {
        startedAt = in.instant();
      } else {
        in.skip();
      }
    }
  }
}
