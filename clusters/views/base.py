"""The pages that all others are made from. Forgetting the permission is impossible: such a page cannot be imported."""

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import F
from django.http import HttpResponseRedirect
from django.views.generic import DetailView, FormView, ListView, TemplateView
from django.views.generic.detail import SingleObjectMixin

from clusters.access import ROLE_PERMISSIONS
from clusters.actions import NotNow
from pcp.forms import speak_plainly


class Page:
    """A page for signed-in people. `permission` says who may open it; rows are cut to what that permission reaches.

    Subclasses name `permission`. Where a page shows rows of a model, `get_queryset` starts from `rows()` of that model, so that
    a row outside the person's reach is a 404 and tells nothing of its existence.
    """

    permission = None
    abstract = True
    title = ""
    crumbs = ()

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "abstract" not in cls.__dict__:
            cls.abstract = False
        if not cls.abstract and cls.permission is None:
            raise ImproperlyConfigured(f"{cls.__name__} must name the permission it needs.")

    def dispatch(self, request, *args, **kwargs):
        if not request.access.may(self.permission):
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        # Names stand on these pages: after signing out, the Back button of a shared computer must not bring them back.
        response.setdefault("Cache-Control", "private, no-store")
        return response

    def rows(self, model, permission=None):
        """The rows of `model` that this person may see, for this page's permission unless another is named."""
        return model.objects.allowed_to(self.request.access, permission or self.permission)

    @property
    def site(self):
        """The address of this site ("https://pcp.example.org/"), for links in e-mails."""
        return self.request.build_absolute_uri("/")

    def get_title(self):
        """The page's heading and the start of its browser title."""
        return self.title

    def get_crumbs(self):
        """The places above this page, as (label, address) pairs."""
        return self.crumbs

    def get_context_data(self, **kwargs):
        return super().get_context_data(title=self.get_title(), crumbs=self.get_crumbs(), may=self.allowed(), **kwargs)

    def allowed(self):
        """The names of the permissions that the person holds somewhere: the page leaves out what they could not do next."""
        return {permission.name for grant in self.request.access.grants for permission in ROLE_PERMISSIONS[grant.role]}


class TextPage(Page, TemplateView):
    """A page that is not about one model."""

    abstract = True


class ListPage(Page, ListView):
    """A list with search, filters, sorting and pages. `filterset_class` (django-filter) is optional.

    `orderings` names the columns that can be sorted: {word in the address: (fields,)}; "-word" is the other way round.
    """

    abstract = True
    paginate_by = 25
    filterset_class = None
    filterset = None
    orderings = {}

    def get_queryset(self):
        queryset = self.rows(self.model)
        if self.filterset_class is not None:
            self.filterset = self.filterset_class(self.request.GET or None, queryset=queryset, request=self.request)
            self.filterset.form.is_filter = True
            for field in self.filterset.form.fields.values():
                speak_plainly(field)
            # django-filter leaves out what it cannot read, and the list would pass for what was asked.
            queryset = (
                self.filterset.qs if self.filterset.form.is_valid() or not self.filterset.is_bound else queryset.none()
            )
        return self.sorted(queryset)

    @property
    def sort(self):
        """The column asked for ("roll", "-roll"), or "" for the model's own order."""
        asked = self.request.GET.get("sort", "")
        return asked if asked.removeprefix("-") in self.orderings else ""

    def sorted(self, queryset):
        """The rows in the order asked for; what is not known comes last either way, and ties keep one order."""
        if not self.sort:
            # Counting in a query drops the model's own order, which pages need.
            return queryset if queryset.ordered else queryset.order_by(*self.model._meta.ordering, "pk")
        fields = [F(name) for name in self.orderings[self.sort.removeprefix("-")]]
        if self.sort.startswith("-"):
            return queryset.order_by(*(field.desc(nulls_last=True) for field in fields), "pk")
        return queryset.order_by(*(field.asc(nulls_last=True) for field in fields), "pk")

    def get_context_data(self, **kwargs):
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(filter=self.filterset, sort=self.sort, query_string=query.urlencode(), **kwargs)


class DetailPage(Page, DetailView):
    """One row."""

    abstract = True

    def get_queryset(self):
        return self.rows(self.model)

    def get_title(self):
        return self.title or str(self.object)


class FormPage(Page, FormView):
    """A form whose valid data go to one action. `act(form)` calls it and returns the address to go to.

    A `NotNow` from the action comes back as the form's error. `success_message` is shown on the next page.
    """

    abstract = True
    template_name = "generic/form.html"
    button = "Save"
    success_message = ""

    def act(self, form):
        """Call the action with the form's data; return the address of the next page."""
        raise ImproperlyConfigured(f"{type(self).__name__} must say what to do with its form.")

    def form_valid(self, form):
        try:
            address = self.act(form)
        except NotNow as reason:
            self.refused(form, reason)
            return self.form_invalid(form)
        if self.success_message:
            messages.success(self.request, self.success_message)
        return HttpResponseRedirect(address)

    def refused(self, form, reason):
        """Put the action's reason into the form; a page whose reasons belong to one field says which."""
        form.add_error(None, str(reason))

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs):
        return super().get_context_data(button=self.button, **kwargs)


class ObjectFormPage(SingleObjectMixin, FormPage):
    """A form about one row that already exists; the row is `self.object`."""

    abstract = True

    def dispatch(self, request, *args, **kwargs):
        if not request.access.may(self.permission):
            raise PermissionDenied
        self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return self.rows(self.model)


class ConfirmPage(ObjectFormPage):
    """Asks before something that cannot be undone: says what happens and to whom, on a page of its own."""

    abstract = True
    template_name = "generic/confirm.html"
    consequence = ""
    danger = False

    def get_context_data(self, **kwargs):
        return super().get_context_data(consequence=self.get_consequence(), danger=self.danger, **kwargs)

    def get_consequence(self):
        """What will happen, in a sentence or two."""
        return self.consequence
