"""The C interface as ctypes tables, and nothing else: types, structs, prototypes.

The tests compare every line with include/netsession.h.
"""

from ctypes import (
    CFUNCTYPE,
    POINTER,
    Structure,
    c_char_p,
    c_int,
    c_int64,
    c_size_t,
    c_uint,
    c_void_p,
)

from .._version import VERSION

SONAME = f"libnetsession.so.{VERSION[0]}"

# What netsession_error returns for a session that has not failed.
NO_ERROR = 255

Handle = c_void_p
HandleOut = POINTER(c_void_p)

# The arguments of callbacks, between the handle and the user_data.
Callback = CFUNCTYPE(None, Handle, c_void_p)
IntCallback = CFUNCTYPE(None, Handle, c_int, c_void_p)
UIntCallback = CFUNCTYPE(None, Handle, c_uint, c_void_p)
TextCallback = CFUNCTYPE(None, Handle, c_int, c_char_p, c_void_p)
HandleCallback = CFUNCTYPE(None, Handle, Handle, c_void_p)
QuestionCallback = CFUNCTYPE(None, Handle, Handle, Handle, c_void_p)
OfferCallback = CFUNCTYPE(None, Handle, Handle, c_int, c_void_p)


class Options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("backend", c_char_p),
        ("script", c_char_p),
        ("dbus_address", c_char_p),
        ("default_configuration", c_char_p),
        ("close", c_char_p),
    ]


class ManagerCallbacks(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("user_data", c_void_p),
        ("configuration_added", HandleCallback),
        ("configuration_changed", HandleCallback),
        ("configuration_removed", HandleCallback),
        ("online_state_changed", IntCallback),
        ("update_completed", Callback),
        ("log", TextCallback),
        ("reachability_changed", IntCallback),
        ("captive_portal_changed", IntCallback),
        ("transport_changed", IntCallback),
        ("metered_changed", IntCallback),
        ("choose", QuestionCallback),
    ]


class SessionCallbacks(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("user_data", c_void_p),
        ("opened", Callback),
        ("closed", Callback),
        ("state_changed", IntCallback),
        ("error", TextCallback),
        ("preferred_configuration_changed", OfferCallback),
        ("new_configuration_activated", Callback),
        ("usage_policies_changed", UIntCallback),
    ]


class ServiceNetwork(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("identifier", c_char_p),
        ("name", c_char_p),
        ("purpose", c_int),
        ("children", POINTER(Handle)),
        ("children_count", c_size_t),
    ]


STRUCTS = {
    "netsession_options": Options,
    "netsession_manager_callbacks": ManagerCallbacks,
    "netsession_callbacks": SessionCallbacks,
    "netsession_service_network": ServiceNetwork,
}

# name: (result, arguments)
FUNCTIONS = {
    "netsession_version": (c_int, ()),
    "netsession_version_string": (c_char_p, ()),
    "netsession_state_name": (c_char_p, (c_int,)),
    "netsession_error_name": (c_char_p, (c_int,)),
    "netsession_configuration_type_name": (c_char_p, (c_int,)),
    "netsession_configuration_state_name": (c_char_p, (c_int,)),
    # manager
    "netsession_manager_new": (c_int, (POINTER(Options), HandleOut, c_char_p, c_size_t)),
    "netsession_manager_copy": (c_int, (Handle, HandleOut)),
    "netsession_manager_free": (c_int, (Handle,)),
    "netsession_manager_set_callbacks": (c_int, (Handle, POINTER(ManagerCallbacks))),
    "netsession_manager_fd": (c_int, (Handle,)),
    "netsession_manager_dispatch": (c_int, (Handle,)),
    "netsession_manager_start_thread": (c_int, (Handle,)),
    "netsession_manager_stop_thread": (c_int, (Handle,)),
    "netsession_manager_capabilities": (c_int, (Handle,)),
    "netsession_manager_is_online": (c_int, (Handle,)),
    "netsession_manager_reachability": (c_int, (Handle,)),
    "netsession_manager_is_behind_captive_portal": (c_int, (Handle,)),
    "netsession_manager_transport": (c_int, (Handle,)),
    "netsession_manager_is_metered": (c_int, (Handle,)),
    "netsession_manager_update_configurations": (c_int, (Handle,)),
    "netsession_manager_configurations": (c_int, (Handle, c_int, HandleOut)),
    "netsession_manager_default_configuration": (c_int, (Handle, HandleOut)),
    "netsession_manager_configuration_from_identifier": (c_int, (Handle, c_char_p, HandleOut)),
    "netsession_manager_define_service_network": (
        c_int,
        (Handle, POINTER(ServiceNetwork), HandleOut, c_char_p, c_size_t),
    ),
    "netsession_manager_remove_service_network": (c_int, (Handle, Handle)),
    # configuration
    "netsession_configuration_free": (c_int, (Handle,)),
    "netsession_configuration_copy": (c_int, (Handle, HandleOut)),
    "netsession_configuration_equal": (c_int, (Handle, Handle)),
    "netsession_configuration_is_valid": (c_int, (Handle,)),
    "netsession_configuration_identifier": (c_char_p, (Handle,)),
    "netsession_configuration_name": (c_char_p, (Handle,)),
    "netsession_configuration_type": (c_int, (Handle,)),
    "netsession_configuration_state": (c_int, (Handle,)),
    "netsession_configuration_purpose": (c_int, (Handle,)),
    "netsession_configuration_bearer_type": (c_int, (Handle,)),
    "netsession_configuration_bearer_type_family": (c_int, (Handle,)),
    "netsession_configuration_bearer_type_name": (c_char_p, (Handle,)),
    "netsession_configuration_is_roaming_available": (c_int, (Handle,)),
    "netsession_configuration_signal_strength": (c_int, (Handle,)),
    "netsession_configuration_interface": (c_char_p, (Handle,)),
    "netsession_configuration_connect_timeout": (c_int, (Handle,)),
    "netsession_configuration_set_connect_timeout": (c_int, (Handle, c_int)),
    "netsession_configuration_children": (c_int, (Handle, HandleOut)),
    "netsession_configuration_underlying": (c_int, (Handle, HandleOut)),
    "netsession_configuration_list_size": (c_int, (Handle,)),
    "netsession_configuration_list_at": (Handle, (Handle, c_int)),
    "netsession_configuration_list_free": (c_int, (Handle,)),
    # session
    "netsession_new": (c_int, (Handle, Handle, HandleOut)),
    "netsession_free": (c_int, (Handle,)),
    "netsession_set_callbacks": (c_int, (Handle, POINTER(SessionCallbacks))),
    "netsession_set_manager": (c_int, (Handle, Handle)),
    "netsession_get_configuration": (c_int, (Handle, HandleOut)),
    "netsession_open": (c_int, (Handle,)),
    "netsession_close": (c_int, (Handle,)),
    "netsession_stop": (c_int, (Handle,)),
    "netsession_migrate": (c_int, (Handle,)),
    "netsession_ignore": (c_int, (Handle,)),
    "netsession_accept": (c_int, (Handle,)),
    "netsession_reject": (c_int, (Handle,)),
    "netsession_choose": (c_int, (Handle, Handle)),
    "netsession_wait_for_opened": (c_int, (Handle, c_int)),
    "netsession_is_opening": (c_int, (Handle,)),
    "netsession_state": (c_int, (Handle,)),
    "netsession_is_open": (c_int, (Handle,)),
    "netsession_error": (c_int, (Handle,)),
    "netsession_error_string": (c_char_p, (Handle,)),
    "netsession_usage_policies": (c_int, (Handle,)),
    "netsession_interface": (c_char_p, (Handle,)),
    "netsession_interface_index": (c_int, (Handle,)),
    "netsession_bind_socket": (c_int, (Handle, c_int)),
    "netsession_bytes_received": (c_int64, (Handle,)),
    "netsession_bytes_written": (c_int64, (Handle,)),
    "netsession_active_time": (c_int64, (Handle,)),
    "netsession_property": (c_char_p, (Handle, c_char_p)),
    "netsession_set_property": (c_int, (Handle, c_char_p, c_char_p)),
}
