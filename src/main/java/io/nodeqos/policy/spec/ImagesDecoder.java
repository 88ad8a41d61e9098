// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

import io.nodeqos.node.ImageName;
import io.nodeqos.policy.spec.PolicySpec.Image;
import io.nodeqos.policy.spec.PolicySpec.Images;
import io.nodeqos.policy.spec.PolicySpec.Pull;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Decodes the section images. */
final class ImagesDecoder {
  private static final Pattern SHORT = Pattern.compile(".{1,500}");

  private static final String REFERENCE = "an image reference such as registry.k8s.io/pause:3.10";

  private static final Pattern PULL =
      Pattern.compile(
          String.join("|", Pull.IF_NOT_PRESENT.text(), Pull.ALWAYS.text(), Pull.NEVER.text()));

  private static final Pattern SECRET =
      Pattern.compile("(?=.{1,253}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

  private ImagesDecoder() {}

  static Optional<Images> images(SpecReader spec, String field) {
    if (!spec.has(field)) {
      return Optional.empty();
    }
    List<Image> images = new ArrayList<>();
    for (SpecReader element : spec.children(field, Images.MAX_IMAGES)) {
      images.add(new Image(ref(element), pull(element), secrets(element)));
    }
    return Optional.of(new Images(List.copyOf(images)));
  }

  /** A reference that kubelets do not accept fails on every node, so it is refused here. */
  private static String ref(SpecReader r) {
    String text = r.required("ref", SHORT, REFERENCE);
    if (!text.isEmpty() && !ImageName.isReference(text)) {
      r.problem(r.path("ref") + ": \"" + text + "\" is not allowed; allowed is " + REFERENCE);
    }
    return text;
  }

  private static Pull pull(SpecReader r) {
    String text =
        r.text("pull", PULL, "IfNotPresent, Always or Never").orElse(Pull.IF_NOT_PRESENT.text());
    for (Pull pull : Pull.values()) {
      if (pull.text().equals(text)) {
        return pull;
      }
    }
    throw new IllegalStateException("no Pull for " + text);
  }

  private static List<String> secrets(SpecReader r) {
    List<String> names = r.texts("pullSecrets", Image.MAX_SECRETS);
    for (String name : names) {
      if (!SECRET.matcher(name).matches()) {
        r.problem(
            r.path("pullSecrets")
                + ": \""
                + name
                + "\" is not allowed; allowed is the name of a Secret (a DNS subdomain)");
      }
    }
    return List.copyOf(names);
  }
}
