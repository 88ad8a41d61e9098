// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import io.nodeqos.node.PodRequests;
import io.nodeqos.node.PodRequests.InitContainer;
import io.nodeqos.node.Quantity;
import io.nodeqos.node.Resources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the containers of a pod request and which images they name, while it is being read. */
final class RequestsDraft {
  private final TolerantReader in;
  private final Set<String> images;
  private final List<InitContainer> initContainers = new ArrayList<>();
  private final List<Resources> containers = new ArrayList<>();
  private Resources overhead = Resources.NONE;
  private Map<String, Quantity> podLevel = Map.of();

  RequestsDraft(TolerantReader in, Set<String> images) {
    this.in = in;
    this.images = images;
  }

  /** Reads the value of {@code spec.containers}. */
  void containers() throws IOException {
    in.array(() -> containers.add(container().requests()));
  }

  /** Reads the value of {@code spec.initContainers}. */
  void initContainers() throws IOException {
    in.array(() -> initContainers.add(container()));
  }

  /** Reads the value of {@code spec.overhead}. */
  void overhead() throws IOException {
    overhead = Quantities.resources(Quantities.read(in));
  }

  /** Reads the value of {@code spec.resources}, the pod-level resources of KEP-2837. */
  void podLevel() throws IOException {
    in.object(
        field -> {
          if (field.equals("requests")) {
            podLevel = Quantities.read(in);
          } else {
            in.skip();
          }
        });
  }

  private InitContainer container() throws IOException {
    ContainerDraft draft = new ContainerDraft();
    in.object(draft::field);
    if (!draft.image.isEmpty()) {
      images.add(draft.image);
    }
    return new InitContainer(draft.requests, draft.sidecar);
  }

  /**
   * The effective request. CPU and memory that are set for the whole pod replace the sum of its
   * containers; the overhead of the runtime class comes on top of both.
   */
  Resources effective() {
    Resources sum = PodRequests.effective(initContainers, containers, Resources.NONE);
    Resources wholePod = Quantities.resources(podLevel);
    return new Resources(
            podLevel.containsKey("cpu") ? wholePod.cpuMilli() : sum.cpuMilli(),
            podLevel.containsKey("memory") ? wholePod.memoryBytes() : sum.memoryBytes(),
            sum.ephemeralStorageBytes())
        .plus(overhead);
  }

  private final class ContainerDraft {
    private String image = "";
    private boolean sidecar;
    private Resources requests = Resources.NONE;

    void field(String field) throws IOException {
      switch (field) {
        case "image" -> image = in.string();
        case "restartPolicy" -> sidecar = in.string().equals("Always");
        case "resources" -> in.object(this::resources);
        default -> in.skip();
      }
    }

    private void resources(String field) throws IOException {
      if (field.equals("requests")) {
        requests = Quantities.resources(Quantities.read(in));
      } else {
        in.skip();
      }
    }
  }
}
