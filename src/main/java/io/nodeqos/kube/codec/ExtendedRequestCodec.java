// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.Interning;
import io.nodeqos.kube.wire.KubernetesMessages;
import io.nodeqos.kube.wire.ProtobufMessage;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.Keys;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.preview.ClusterSnapshot.ExtendedRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pod to its requests of extended resources of this controller, as the scheduler counts them; empty
 * for a pod without any. Nothing else of the pod is kept.
 */
public final class ExtendedRequestCodec implements Codec<Optional<ExtendedRequest>> {
  private final Interning interning;

  public ExtendedRequestCodec(Interning interning) {
    this.interning = interning;
  }

  @Override
  public SlimObject<Optional<ExtendedRequest>> decode(TolerantReader in) throws IOException {
    Draft draft = new Draft(in);
    in.requiredObject("a Pod", draft::root);
    return draft.meta.with(draft.request());
  }

  @Override
  public Optional<ProtobufMessage> protobuf() {
    return Optional.of(KubernetesMessages.POD);
  }

  private final class Draft {
    private final TolerantReader in;
    private final MetaDraft meta;
    private final List<Container> initContainers = new ArrayList<>();
    private final List<Container> containers = new ArrayList<>();
    private String nodeName = "";

    Draft(TolerantReader in) {
      this.in = in;
      this.meta = new MetaDraft(in, key -> false);
    }

    void root(String field) throws IOException {
      switch (field) {
        case "metadata" -> meta.read();
        case "spec" -> in.object(this::spec);
        default -> in.skip();
      }
    }

    private void spec(String field) throws IOException {
      switch (field) {
        case "nodeName" -> nodeName = interning.string(in.string());
        case "containers" -> in.array(() -> containers.add(container()));
        case "initContainers" -> in.array(() -> initContainers.add(container()));
        default -> in.skip();
      }
    }

    private Container container() throws IOException {
      Container container = new Container(in);
      in.object(container::field);
      return container;
    }

    Optional<ExtendedRequest> request() {
      Map<String, Quantity> total = new HashMap<>();
      containers.forEach(c -> total.putAll(sum(total, c.requests.all())));
      Map<String, Quantity> sidecars = new HashMap<>();
      Map<String, Quantity> peak = new HashMap<>();
      for (Container init : initContainers) {
        Map<String, Quantity> running = sum(sidecars, init.requests.all());
        running.forEach((name, amount) -> peak.merge(name, amount, Draft::larger));
        if (init.sidecar) {
          sidecars.putAll(running);
        }
      }
      total.putAll(sum(total, sidecars));
      peak.forEach((name, amount) -> total.merge(name, amount, Draft::larger));
      total.keySet().removeIf(name -> !Keys.isOwnResource(name));
      return total.isEmpty() || nodeName.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new ExtendedRequest(
                  interning.string(meta.namespace), meta.name, nodeName, interning.map(total)));
    }

    private static Map<String, Quantity> sum(Map<String, Quantity> a, Map<String, Quantity> b) {
      Map<String, Quantity> sum = new HashMap<>(a);
      b.forEach((name, amount) -> sum.merge(name, amount, Draft::added));
      return sum;
    }

    /** Extended resources are whole numbers. */
    private static Quantity added(Quantity a, Quantity b) {
      long sum = a.ceil() + b.ceil();
      return Quantity.of(sum < 0 ? Long.MAX_VALUE : sum);
    }

    private static Quantity larger(Quantity a, Quantity b) {
      return a.compareTo(b) >= 0 ? a : b;
    }
  }

  private static final class Container {
    private final TolerantReader in;
    private final Quantities requests = new Quantities();
    private boolean sidecar;

    Container(TolerantReader in) {
      this.in = in;
    }

    void field(String field) throws IOException {
      switch (field) {
        case "restartPolicy" -> sidecar = in.string().equals("Always");
        case "resources" -> in.object(this::resources);
        default -> in.skip();
      }
    }

    private void resources(String field) throws IOException {
      if (field.equals("requests")) {
        requests.read(in);
      } else {
        in.skip();
      }
    }
  }
}
