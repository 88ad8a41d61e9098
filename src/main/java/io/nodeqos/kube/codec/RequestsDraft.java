// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.PodRequests;
import io.nodeqos.node.PodRequests.Container;
import io.nodeqos.node.PodRequests.PodLevel;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Resources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The requests of the containers of a pod, while they are being read. */
final class RequestsDraft {
  private static final String RESIZE_PENDING = "PodResizePending";
  private static final String INFEASIBLE = "Infeasible";

  private final TolerantReader in;
  private final List<ContainerDraft> initContainers = new ArrayList<>();
  private final List<ContainerDraft> containers = new ArrayList<>();
  private final Map<String, Reported> reported = new HashMap<>();
  private final Reported whole = new Reported();
  private final Quantities overhead = new Quantities();
  private Map<String, Quantity> podLevel = Map.of();
  private boolean infeasible;

  RequestsDraft(TolerantReader in) {
    this.in = in;
  }

  /** Reads the value of {@code spec.containers}. */
  void containers() throws IOException {
    in.array(() -> containers.add(container()));
  }

  /** Reads the value of {@code spec.initContainers}. */
  void initContainers() throws IOException {
    in.array(() -> initContainers.add(container()));
  }

  /** Reads the value of {@code spec.overhead}. */
  void overhead() throws IOException {
    overhead.read(in);
  }

  /** Reads the value of {@code spec.resources}, the pod-level resources of KEP-2837. */
  void podLevel() throws IOException {
    requests().ifPresent(r -> podLevel = r);
  }

  /** Reads the value of {@code status.resources}. */
  void podInForce() throws IOException {
    whole.inForce = requests();
  }

  /** Reads the value of {@code status.allocatedResources}. */
  void podGranted() throws IOException {
    whole.granted.read(in);
  }

  /** Notes one of {@code status.conditions}. */
  void condition(String type, String reason) {
    if (type.equals(RESIZE_PENDING)) {
      infeasible = reason.equals(INFEASIBLE);
    }
  }

  /** Notes the status of one container. */
  void reported(String name, Reported container) {
    reported.put(name, container);
  }

  /** The resources in the status of a container or of the whole pod, while they are being read. */
  final class Reported {
    private final Quantities granted = new Quantities();
    private Optional<Map<String, Quantity>> inForce = Optional.empty();

    /** Reads one field of a container's status; false when it is another one, not read yet. */
    boolean field(String name) throws IOException {
      switch (name) {
        case "allocatedResources" -> granted.read(in);
        case "resources" -> inForce = requests();
        default -> {
          return false;
        }
      }
      return true;
    }
  }

  Reported newReported() {
    return new Reported();
  }

  /** Of a value with requests and limits. */
  private Optional<Map<String, Quantity>> requests() throws IOException {
    Quantities requests = new Quantities();
    in.object(
        field -> {
          if (field.equals("requests")) {
            requests.read(in);
          } else {
            in.skip();
          }
        });
    return requests.ifPresent();
  }

  private ContainerDraft container() throws IOException {
    ContainerDraft draft = new ContainerDraft();
    in.object(draft::field);
    return draft;
  }

  /** The requests of the pod as the scheduler counts them. */
  Resources effective() {
    return new PodRequests(
            initContainers.stream().map(this::decoded).toList(),
            containers.stream().map(this::decoded).toList(),
            new PodLevel(podLevel, whole.granted.ifPresent(), whole.inForce),
            Resources.of(overhead.all()),
            infeasible)
        .effective();
  }

  private Container decoded(ContainerDraft draft) {
    Optional<Reported> status = Optional.ofNullable(reported.get(draft.name));
    return new Container(
        draft.sidecar,
        draft.requests,
        status.flatMap(s -> s.granted.ifPresent()).map(Resources::of),
        status.flatMap(s -> s.inForce).map(Resources::of));
  }

  private final class ContainerDraft {
    private String name = "";
    private boolean sidecar;
    private Resources requests = Resources.NONE;

    void field(String field) throws IOException {
      switch (field) {
        case "name" -> name = in.string();
        case "restartPolicy" -> sidecar = in.string().equals("Always");
        case "resources" -> requests().map(Resources::of).ifPresent(r -> requests = r);
        default -> in.skip();
      }
    }
  }
}
