"""What others answered in a firm's name counts, and its own people are asked whether it is right."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from staveworks.cluster.barrel.models import AnswerCheck
from staveworks.cluster.barrel.queries import list_given
from staveworks.cluster.barrel.types import AnswersChanged, NotOwnAnswers
from staveworks.cluster.barrel.usecases.clear_answer import clear_answer
from staveworks.cluster.barrel.usecases.confirm_given import confirm_given
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.cluster.barrel.waiting import answers_to_check
from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.queries import list_events
from staveworks.foundation.notices.models import Todo
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.queries import AgentFound, actor_for, operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.parties.usecases.give_mandate import give_mandate
from staveworks.foundation.parties.usecases.issue_claim_link import claim_by_link, issue_claim_link
from staveworks.jobs.todos.reactions import settle_claimed_firm, settle_given
from tests.world import World, make_person


def waiting(actor: Actor) -> int:
    """How many questions wait for the firm's word."""
    with acting(org=actor.org, person=actor.person_id):
        return sum(int(each.params["n"]) for each in answers_to_check(org=actor.org))


def claim(world: World) -> Actor:
    """清河, answered for by its steward, is claimed by 何清."""
    steward = world.gao_for(world.qinghe)
    answers = {"rnd.a": 4, "rnd.b": 1}
    save_answers(steward, assessment_id=start_assessment(steward), answers=answers)
    assert waiting(steward) == 0, "nobody is there to be asked"
    token = issue_claim_link(world.gao, org_id=world.qinghe.id).token
    he = make_person("何清", phone="+8613805750009")
    claim_by_link(Actor(he.id, None), token=token)
    return actor_for(he.id, world.qinghe.id)


def agent(world: World) -> Actor:
    """高, by a mandate of 春晖 to the operator."""
    until = timezone.localdate() + timedelta(days=9)
    rights = ["assessment.answer", "assessment.read"]
    to = AgentFound(world.operator.name, org_id=world.operator.id)
    give_mandate(world.lin, agent=to, rights=rights, until=until)
    return actor_for(world.gao.person, world.chunhui.id, via_org_id=world.operator.id)


def shown(actor: Actor) -> list[UUID]:
    return [each.change for each in list_given(actor)]


def todo(firm: UUID) -> tuple[str, dict[str, object]]:
    with acting(org=firm):
        found = Todo.objects.get(kind="answers.check")
        return found.state, found.params


def test_who_claims_a_firm_is_asked_about_what_its_steward_answered(world: World) -> None:
    he = claim(world)
    settle_claimed_firm(operator_service_for(he.org), subject=he.org)
    assert todo(he.org) == ("open", {"n": 2})
    first = list_given(he)[0]
    assert (first.by and first.by.zh, first.leaf) == (world.operator.name, "rnd.b")
    assert confirm_given(he, changes=shown(he)) == 2
    settle_given(operator_service_for(he.org), subject=he.org)
    assert (todo(he.org)[0], waiting(he), shown(he)) == ("done", 0, [])
    with pytest.raises(AnswersChanged):
        confirm_given(he, changes=[first.change])


def test_the_database_takes_a_confirmation_of_the_firms_own_answers_only(world: World) -> None:
    he = claim(world)
    (change,) = shown(he)[:1]
    with acting(org=world.chunhui.id), pytest.raises(IntegrityError, match="is not of firm"):
        AnswerCheck.objects.create(org_id=world.chunhui.id, change_id=change)
    with acting(org=he.org):
        AnswerCheck.objects.create(org_id=he.org, change_id=change)


def test_whoever_has_a_mandate_answers_but_doesnt_confirm(world: World) -> None:
    gao = agent(world)
    assessment = start_assessment(gao)
    save_answer(gao, assessment_id=assessment, leaf="rnd.a", value=4)
    assert "answers.given" in [event.type for event in list_events(world.lin)]
    with pytest.raises(NotOwnAnswers):
        confirm_given(gao, changes=shown(world.lin))
    seen = shown(world.lin)
    save_answer(gao, assessment_id=assessment, leaf="rnd.a", value=3)
    with pytest.raises(AnswersChanged):
        confirm_given(world.lin, changes=seen)
    save_answer(gao, assessment_id=assessment, leaf="rnd.b", value=1)
    clear_answer(gao, assessment_id=assessment, leaf="rnd.b")
    assert waiting(world.lin) == 1, "what was taken back says nothing"
    save_answer(world.lin, assessment_id=assessment, leaf="rnd.a", value=4)
    assert waiting(world.lin) == 0
    assert "answers.corrected" in [event.type for event in list_events(world.lin)]


def test_a_persons_mandate_counts_as_anothers_word_and_ones_own_doesnt(world: World) -> None:
    until = timezone.localdate() + timedelta(days=9)
    rights = ["assessment.answer", "assessment.read"]
    give_mandate(world.lin, agent=AgentFound("吴", person_id=world.wu.person), rights=rights, until=until)
    wu = actor_for(world.wu.person, world.chunhui.id)
    assessment = start_assessment(world.lin)
    save_answer(world.lin, assessment_id=assessment, leaf="rnd.a", value=4)
    assert waiting(world.lin) == 0
    save_answer(wu, assessment_id=assessment, leaf="rnd.b", value=1)
    assert [(each.leaf, each.by) for each in list_given(world.lin)] == [("rnd.b", None)]


def test_taken_over_it_still_waits_and_one_word_is_enough(world: World) -> None:
    gao = agent(world)
    assessment = start_assessment(gao)
    save_answers(gao, assessment_id=assessment, answers={"rnd.a": 4, "rnd.b": 1})
    finish_assessment(world.lin, assessment_id=assessment)
    newer = start_assessment(world.lin)
    assert newer != assessment
    assert (waiting(world.lin), len(shown(world.lin))) == (2, 2), "in both assessments, and asked once"
    assert confirm_given(world.lin, changes=shown(world.lin)) == 2
    assert waiting(world.lin) == 0
    finish_assessment(world.lin, assessment_id=newer)
    start_assessment(world.lin)
    assert waiting(world.lin) == 0, "what she has confirmed is hers from then on"


def test_corrected_in_the_assessment_that_follows_it_waits_no_more(world: World) -> None:
    gao = agent(world)
    assessment = start_assessment(gao)
    save_answers(gao, assessment_id=assessment, answers={"rnd.a": 4, "rnd.b": 1})
    finish_assessment(world.lin, assessment_id=assessment)
    newer = start_assessment(world.lin)
    (wrong,) = [each.change for each in list_given(world.lin) if each.leaf == "rnd.b"]
    save_answer(world.lin, assessment_id=newer, leaf="rnd.b", value=0)
    assert [each.leaf for each in list_given(world.lin)] == ["rnd.a"]
    with pytest.raises(AnswersChanged):
        confirm_given(world.lin, changes=[wrong])
    assert confirm_given(world.lin, changes=shown(world.lin)) == 1
    assert waiting(world.lin) == 0
    save_answer(gao, assessment_id=newer, leaf="rnd.b", value=1)
    assert [each.leaf for each in list_given(world.lin)] == ["rnd.b"], "said anew by the other"


def test_on_the_page_she_confirms_all_or_corrects_one(world: World) -> None:
    gao = agent(world)
    assessment = start_assessment(gao)
    save_answers(gao, assessment_id=assessment, answers={"rnd.a": 4, "rnd.b": 1})
    finish_assessment(world.lin, assessment_id=assessment)
    page = Client(headers={"accept-language": "en"})
    page.force_login(Person.objects.get(id=world.lin.person))
    text = page.get("/diagnose/given/").content.decode()
    assert "2 answers were given for you" in text
    assert world.operator.name in text
    wrong = next(each for each in list_given(world.lin) if each.leaf == "rnd.b")
    to = page.post("/diagnose/given/correct/", {"change": str(wrong.change)})["Location"]
    assert page.get(to).status_code == 200
    newer = to.split("/")[2]
    page.post(f"/diagnose/{newer}/answer/", {"leaf": wrong.leaf, "value": "0"})
    assert "1 answer was given for you" in page.get("/diagnose/given/").content.decode()
    assert page.post("/diagnose/given/", {"change": [str(wrong.change)]}).status_code == 409
    assert page.post("/diagnose/given/", {"change": ["nonsense"]}).status_code == 409
    listed = page.get("/api/v1/assessments/given").json()["items"]
    assert [each["change"] for each in listed] == [str(each) for each in shown(world.lin)]
    done = page.post("/diagnose/given/", {"change": [str(each) for each in shown(world.lin)]})
    assert done["Location"] == "/barrel/"
    assert "No answer waits for your word" in page.get("/diagnose/given/").content.decode()
    assert page.get("/api/v1/assessments/given").json()["items"] == []
