from django.urls import path

from linghang.assessment import mark_views, sheet_views, views
from linghang.assessment.forms import CYCLE_FORMS, MARK_IMPORT_FORMS, OBJECTION_FORMS
from linghang.assessment.models import Cycle, MarkImport, Objection
from linghang.ui.shortcuts import step_urls

app_name = "assessment"
urlpatterns = [
    path("", views.home, name="home"),
    path("cycles/", views.cycles, name="cycles"),
    path("cycles/new/", views.cycle_new, name="cycle_new"),
    path("cycles/<int:pk>/", views.cycle, name="cycle"),
    path("cycles/<int:pk>/board/", views.board, name="board"),
    path("cycles/<int:pk>/uses/", views.uses, name="uses"),
    path("cycles/<int:pk>/compute/", views.cycle_compute, name="cycle_compute"),
    path("cycles/<int:pk>/enter-manual/", mark_views.manual, name="cycle_enter_manual"),
    path("cycles/<int:pk>/enter-manual/items/<slug:code>/", mark_views.manual_item, name="manual_item"),
    path("cycles/<int:pk>/enter-manual/units/<int:unit>/", mark_views.manual_unit, name="manual_unit"),
    path("cycles/<int:pk>/marks/sheet/", mark_views.marks_sheet, name="marks_sheet"),
    path("cycles/<int:pk>/marks/upload/", mark_views.marks_upload, name="marks_upload"),
    path("markimports/<int:pk>/", mark_views.markimport, name="markimport"),
    path("markimports/<int:pk>/confirm-marks/", mark_views.confirm_marks, name="markimport_confirm_marks"),
    *step_urls(MarkImport, "markimport", MARK_IMPORT_FORMS),
    path("cycles/<int:pk>/confirm-rating/", views.confirm_rating, name="cycle_confirm_rating"),
    *step_urls(Cycle, "cycle", CYCLE_FORMS),
    path("schemes/<int:pk>/", views.scheme, name="scheme"),
    path("sheets/", sheet_views.own_sheets, name="sheets"),
    path("sheets/<int:pk>/", sheet_views.sheet, name="sheet"),
    path("sheets/<int:pk>/paper/", sheet_views.sheet_paper, name="sheet_paper"),
    path("sheets/<int:pk>/object/", sheet_views.object_new, name="object"),
    path("objections/", sheet_views.objections, name="objections"),
    path("objections/<int:pk>/", sheet_views.objection, name="objection"),
    *step_urls(Objection, "objection", OBJECTION_FORMS),
    path("published/", sheet_views.published, name="published"),
]
