/* daemon/api/reservations.h - reservations as JSON, and changing those made while running. */
#ifndef TWINDHCP_DAEMON_API_RESERVATIONS_H
#define TWINDHCP_DAEMON_API_RESERVATIONS_H

#include "daemon/api/query.h"
#include "daemon/api/request.h"
#include "daemon/api/writer.h"

/* A page ends after so many looked at, matching or not. */
#define RESERVATIONS_LOOKED_AT_MAX ((size_t)20000)

/* Not an answer yet: ask again a little later. */
#define API_ASK_AGAIN 102u

unsigned answer_reservations(struct api_site *site, const struct api_request *request,
                             struct writer *out, struct api_error *error);
unsigned answer_reservation_add(struct api_site *site, const struct api_request *request,
                                struct writer *out, struct api_error *error);
unsigned answer_reservation_edit(struct api_site *site, const struct api_request *request,
                                 struct writer *out, struct api_error *error);
unsigned answer_reservation_remove(struct api_site *site, const struct api_request *request,
                                   struct writer *out, struct api_error *error);

#endif
