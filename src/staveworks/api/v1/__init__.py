"""Version 1: one module for each resource."""

from staveworks.api.openapi import CarefulAPI
from staveworks.api.v1 import (
    agreement,
    assessments,
    barrel,
    claims,
    diagnoses,
    duplicates,
    events,
    evidence,
    firms,
    mandates,
    me,
    organisations,
    people,
    places,
    planks,
    rosters,
    rubrics,
    tokens,
)

api = CarefulAPI()
ROUTERS = {
    "/me": me.router,
    "/organisations": organisations.router,
    "/people": people.router,
    "/invitations": people.invitations_router,
    "/mandates": mandates.router,
    "/claims": claims.router,
    "/agreement": agreement.router,
    "/tokens": tokens.router,
    "/cities": places.router,
    "/planks": planks.router,
    "/rubrics": rubrics.router,
    "/profiles": rubrics.profiles_router,
    "/diagnoses": diagnoses.router,
    "/assessments": assessments.router,
    "/barrel": barrel.router,
    "/firms": firms.router,
    "/rosters": rosters.router,
    "/duplicates": duplicates.router,
    "/events": events.router,
    "/cluster": firms.cluster_router,
}
api.add_router("/assessments", evidence.router)
api.add_router("/files", evidence.files_router)
for prefix, router in ROUTERS.items():
    api.add_router(prefix, router)
