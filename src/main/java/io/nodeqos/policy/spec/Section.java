// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

import io.nodeqos.policy.spec.PolicySpec.Images;
import io.nodeqos.policy.spec.PolicySpec.Quota;
import io.nodeqos.policy.spec.PolicySpec.Reservation;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The sections of a policy. Each comes whole from one policy. A new one needs, besides its constant
 * here, a value in {@link PolicySpec}, a decoder, and a property in the schema of the CRD. One that
 * is published on nodes also needs a canonical form in {@code CanonicalSpec}, a {@code QosWorker}
 * with its line in the services file, and a property in the schema of the annotation.
 */
public enum Section {
  RESERVATION(
      "reservation",
      object(SpecDecoder::reservation),
      canonical(Reservation.class, CanonicalSpec::reservation)),
  QUOTA("quota", object(SpecDecoder::quota), canonical(Quota.class, CanonicalSpec::quota)),
  /** The way of pulling images is for this controller alone, as the whole warm-up is. */
  IMAGES("images", ImagesDecoder::images, canonical(Images.class, Images::refs)),
  WARM_UP("warmUp", object(WarmUpDecoder::warmUp));

  private final String field;
  private final BiFunction<SpecReader, String, ? extends Optional<?>> decoder;
  private final Optional<Function<Object, Object>> canonical;

  /** A section that is published on nodes. */
  Section(
      String field,
      BiFunction<SpecReader, String, ? extends Optional<?>> decoder,
      Function<Object, Object> canonical) {
    this.field = field;
    this.decoder = decoder;
    this.canonical = Optional.of(canonical);
  }

  /** A section for this controller alone. */
  Section(String field, BiFunction<SpecReader, String, ? extends Optional<?>> decoder) {
    this.field = field;
    this.decoder = decoder;
    this.canonical = Optional.empty();
  }

  private static <T> BiFunction<SpecReader, String, Optional<T>> object(
      Function<SpecReader, T> decoder) {
    return (spec, field) -> spec.child(field).map(decoder);
  }

  private static <T> Function<Object, Object> canonical(Class<T> type, Function<T, Object> form) {
    return value -> form.apply(type.cast(value));
  }

  /** Its name in {@code spec}, and in the configuration annotation. */
  public String field() {
    return field;
  }

  /**
   * True when node agents see its values in the annotation and a change of it is a new config
   * version; false for a section that only this controller acts on.
   */
  public boolean isConfiguration() {
    return canonical.isPresent();
  }

  /** The value of this section in a spec; empty when it is not set. */
  Optional<?> decode(SpecReader spec) {
    return decoder.apply(spec, field);
  }

  /** The value in maps, lists, strings and numbers, equal for equivalent values. */
  public Optional<Object> canonical(Object value) {
    return canonical.map(form -> form.apply(value));
  }
}
