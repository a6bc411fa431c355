"""The journey of diagnosis: quick start, assessment, my barrel."""

from django.urls import path

from staveworks.web.diagnose import (
    views_answer,
    views_assessment,
    views_attest,
    views_barrel,
    views_compare,
    views_given,
    views_profile,
    views_quick,
    views_report,
    views_result,
)

urlpatterns = [
    path("start/", views_quick.start, name="start"),
    path("start/<int:step>/", views_quick.start_step, name="start_step"),
    path("start/result/", views_quick.start_result, name="start_result"),
    path("start/keep/", views_quick.keep, name="start_keep"),
    path("quick/", views_quick.quick_start, name="quick_start"),
    path("quick/<int:step>/", views_quick.quick, name="quick"),
    path("quick/result/", views_quick.quick_result, name="quick_result"),
    path("barrel/", views_barrel.barrel, name="barrel"),
    path("barrel/answer/", views_answer.answer_best, name="answer_best"),
    path("barrel/export.xlsx", views_barrel.export, name="barrel_export"),
    path("barrel/report/", views_report.report, name="barrel_report"),
    path("barrel/report.pdf", views_report.report_pdf, name="barrel_report_pdf"),
    path("barrel/<slug:code>/", views_barrel.plank, name="barrel_plank"),
    path("diagnose/", views_assessment.assessments, name="assessments"),
    path("diagnose/start/", views_assessment.start, name="assessment_start"),
    path("diagnose/compare/", views_compare.compare, name="compare_assessments"),
    path("diagnose/given/", views_given.given, name="given_answers"),
    path("diagnose/given/correct/", views_given.correct, name="correct_given"),
    path("diagnose/attest/", views_attest.to_attest, name="to_attest"),
    path("diagnose/attest/<uuid:assessment>/", views_attest.attest, name="attest"),
    path("diagnose/attest/<uuid:assessment>/answer/", views_attest.attest_one, name="attest_one"),
    path(
        "diagnose/attest/<uuid:assessment>/files/<uuid:file>/", views_attest.attest_file, name="attest_file"
    ),
    path("diagnose/<uuid:assessment>/", views_assessment.assessment, name="assessment"),
    path("diagnose/<uuid:assessment>/report.pdf", views_report.assessment_pdf, name="assessment_report_pdf"),
    path("diagnose/<uuid:assessment>/answer/", views_answer.answer, name="assessment_answer"),
    path("diagnose/<uuid:assessment>/evidence/", views_answer.evidence, name="assessment_evidence"),
    path("diagnose/<uuid:assessment>/files/<uuid:file>/", views_answer.evidence_file, name="evidence_file"),
    path("diagnose/<uuid:assessment>/result/", views_result.result, name="assessment_result"),
    path("diagnose/<uuid:assessment>/next/", views_result.answer_next, name="answer_next"),
    path("diagnose/<uuid:assessment>/export.xlsx", views_result.export, name="result_export"),
    path("diagnose/<uuid:assessment>/finish/", views_assessment.finish, name="assessment_finish"),
    path("diagnose/<uuid:assessment>/rescore/", views_assessment.rescore, name="assessment_rescore"),
    path("diagnose/<uuid:assessment>/profile/", views_profile.profile, name="assessment_profile"),
    path("diagnose/<uuid:assessment>/<str:code>/", views_assessment.plank_page, name="assessment_plank"),
]
